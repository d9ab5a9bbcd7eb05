/// The bytes of one message head, and where its parts are. It is filled by a decoder, and never
/// changes while anybody but that decoder refers to it.
final class HeadStorage: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: a decoder writes only to a storage that it alone refers to
  // (`isKnownUniquelyReferenced`), so what others see is immutable.

  // Proof for the pointers: both are allocated here, freed in `deinit` alone, and every access is
  // below the count that was initialised; no pointer leaves a `withSpan` closure.
  //
  // Exclusivity is not checked at run time: nothing that is called during a write knows the storage.
  @exclusivity(unchecked) private var bytes: UnsafeMutablePointer<UInt8>
  @exclusivity(unchecked) private var byteCapacity: Int
  @exclusivity(unchecked) private(set) var byteCount = 0
  @exclusivity(unchecked) private var slices: UnsafeMutablePointer<FieldSlice>
  @exclusivity(unchecked) private var fieldCapacity: Int
  @exclusivity(unchecked) private(set) var fieldCount = 0
  /// Where the parts of a request line are; of no meaning in a response.
  @exclusivity(unchecked) var requestLine = RequestLine()
  @exclusivity(unchecked) var semantics = MessageSemantics()

  /// A storage that grew beyond this is not kept for the next message, so that one large head does
  /// not cost memory for as long as its connection lives.
  static let retainedBytesMax = 4_096

  init() {
    byteCapacity = 512
    fieldCapacity = 16
    bytes = .allocate(capacity: byteCapacity)
    slices = .allocate(capacity: fieldCapacity)
  }

  deinit {
    bytes.deallocate()
    slices.deallocate()
  }

  /// Makes `storage` ready for a new head: itself when nobody else has it, else another.
  @inline(__always)
  static func renew(_ storage: inout HeadStorage) {
    if isKnownUniquelyReferenced(&storage), storage.byteCapacity <= retainedBytesMax {
      storage.byteCount = 0
      storage.fieldCount = 0
      storage.semantics = MessageSemantics()
    } else {
      storage = HeadStorage()
    }
  }

  /// Takes the copy of the head's bytes that all ranges refer to.
  @inline(__always)
  func setBytes(_ head: Span<UInt8>) {
    if head.count > byteCapacity {
      bytes.deallocate()
      byteCapacity = head.count
      bytes = .allocate(capacity: byteCapacity)
    }
    head.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { bytes.update(from: base, count: source.count) }
    }
    byteCount = head.count
  }

  @inline(__always)
  func append(_ field: FieldSlice) {
    if fieldCount == fieldCapacity { growFields() }
    slices[fieldCount] = field
    fieldCount += 1
  }

  private func growFields() {
    let grown = UnsafeMutablePointer<FieldSlice>.allocate(capacity: fieldCapacity * 2)
    grown.update(from: slices, count: fieldCount)
    slices.deallocate()
    slices = grown
    fieldCapacity *= 2
  }

  @inline(__always)
  func field(at index: Int) -> FieldSlice {
    precondition(index >= 0 && index < fieldCount, "no such field line")
    return slices[index]
  }

  /// Calls `body` with a part of the head.
  @inline(__always)
  func withSpan<R, E: Error>(
    _ range: Range<Int>, _ body: (Span<UInt8>) throws(E) -> R
  ) throws(E) -> R {
    precondition(range.upperBound <= byteCount, "range is outside the head")
    let part = UnsafeBufferPointer(start: bytes + range.lowerBound, count: range.count)
    defer { withExtendedLifetime(self) {} }
    return try body(part.span)
  }

  func text(_ range: Range<Int>) -> String { withSpan(range) { $0.text } }
}

import Glibc
import OTLP

/// The attributes of a series in memory of their own, to compare the attributes of measurements
/// with.
struct AttributeKey: ~Copyable, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: written once, before anyone else can see it.
  let attributes: UnsafeBufferPointer<Attribute>

  init(_ set: AttributeSet) {
    let memory = UnsafeMutableBufferPointer<Attribute>.allocate(capacity: set.attributes.count)
    _ = memory.initialize(from: set.attributes)
    attributes = UnsafeBufferPointer(memory)
  }

  deinit {
    let memory = UnsafeMutableBufferPointer(mutating: attributes)
    memory.deinitialize()
    memory.deallocate()
  }

  /// Whether `given`, of the same hash, are these attributes, in any order.
  @inline(__always)
  static func matches(
    _ attributes: UnsafeBufferPointer<Attribute>, _ given: UnsafeBufferPointer<Attribute>
  ) -> Bool {
    guard given.count == attributes.count else { return false }
    for index in 0..<given.count {
      // The same value, or the same reference to it: nearly always, because names are literals and
      // the order is that of the names or was the same the time before.
      if Attribute.hasSameBits(given, attributes, index) { continue }
      guard isSame(attributes, given, index) || contains(attributes, given[index]) else {
        return false
      }
    }
    return true
  }

  /// As `matches`, with only those that `filter` keeps.
  static func matches(
    _ attributes: UnsafeBufferPointer<Attribute>, _ given: UnsafeBufferPointer<Attribute>,
    _ filter: AttributeFilter
  ) -> Bool {
    var found = 0
    for index in 0..<given.count where filter.keeps(given[index].key) {
      guard contains(attributes, given[index]) else { return false }
      found += 1
    }
    return found == attributes.count
  }

  /// Whether two texts of the same name, at the same place, are the same; false for all else.
  @inline(__always)
  private static func isSame(
    _ attributes: UnsafeBufferPointer<Attribute>, _ given: UnsafeBufferPointer<Attribute>,
    _ index: Int
  ) -> Bool {
    guard attributes[index].key == given[index].key,
      case .string(let x) = attributes[index].value, case .string(let y) = given[index].value
    else { return false }
    return Attribute.hasSameBytes(x, y)
  }

  @inline(never)
  private static func contains(
    _ attributes: UnsafeBufferPointer<Attribute>, _ attribute: borrowing Attribute
  ) -> Bool {
    for index in 0..<attributes.count where attributes[index].isSame(as: attribute) { return true }
    return false
  }
}

extension Attribute {
  /// Whether both are the same, to the last bit of a number: what is not a number is the same as
  /// itself here, or each would be a series of its own.
  func isSame(as other: borrowing Attribute) -> Bool {
    guard Self.hasSameBytes(key, other.key) else { return false }
    switch (value, other.value) {
    case (.string(let x), .string(let y)): return Self.hasSameBytes(x, y)
    case (.double(let x), .double(let y)): return x.bitPattern == y.bitPattern
    case (let x, let y): return x == y
    }
  }

  /// Whether two texts are the same bytes: what Unicode takes for equal is hashed differently.
  @inline(__always)
  static func hasSameBytes(_ a: borrowing String, _ b: borrowing String) -> Bool {
    let (x, y) = (a.utf8Span.span, b.utf8Span.span)
    guard x.count == y.count else { return false }
    return x.withUnsafeBytes { x in
      y.withUnsafeBytes { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return true }
        return memcmp(x, y, a.utf8.count) == 0
      }
    }
  }

  /// Whether the memory of the two at `index` is the same, which makes them the same. The converse
  /// does not hold.
  @inline(__always)
  static func hasSameBits(
    _ a: UnsafeBufferPointer<Attribute>, _ b: UnsafeBufferPointer<Attribute>, _ index: Int
  ) -> Bool {
    guard let a = a.baseAddress, let b = b.baseAddress else { return false }
    let first = UnsafeRawPointer(a + index)
    let second = UnsafeRawPointer(b + index)
    let size = MemoryLayout<Attribute>.size
    var offset = 0
    var difference: UInt64 = 0
    while offset + 8 <= size {
      difference |=
        first.load(fromByteOffset: offset, as: UInt64.self)
        ^ second.load(fromByteOffset: offset, as: UInt64.self)
      offset += 8
    }
    while offset < size {
      difference |= UInt64(
        first.load(fromByteOffset: offset, as: UInt8.self)
          ^ second.load(fromByteOffset: offset, as: UInt8.self))
      offset += 1
    }
    return difference == 0
  }
}

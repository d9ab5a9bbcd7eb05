/// The bytes of one message head, and where its fields are. It is filled by a decoder, and never
/// changes while anybody but that decoder refers to it.
final class HeadStorage: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: a decoder writes only to a storage that it alone refers to
  // (`isKnownUniquelyReferenced`), so what others see is immutable.
  var bytes: ContiguousArray<UInt8> = []
  var fields: ContiguousArray<FieldSlice> = []

  init() {
    bytes.reserveCapacity(512)
    fields.reserveCapacity(16)
  }

  /// Starts a head with a copy of `head`.
  func reset(_ head: Span<UInt8>) {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
    head.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
  }

  func text(_ range: Range<Int>) -> String {
    bytes.withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
  }

  /// The values of every field named `name`, joined as RFC 9110 §5.3 says; nil when there is none.
  func combinedValue(_ name: String) -> String? {
    var combined: String?
    for field in fields where isNamed(field, name) {
      let value = text(field.value)
      combined = combined.map { "\($0), \(value)" } ?? value
    }
    return combined
  }

  private func isNamed(_ field: FieldSlice, _ name: String) -> Bool {
    guard field.name.count == name.utf8.count else { return false }
    var index = Int(field.nameStart)
    for byte in name.utf8 {
      if Grammar.lowercased(bytes[index]) != byte { return false }
      index += 1
    }
    return true
  }
}

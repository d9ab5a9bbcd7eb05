/// Reads Protocol Buffers fields from untrusted bytes. Nothing is copied but what is asked for, and
/// no length is believed before it is checked.
package struct ProtobufReader {
  /// What makes bytes no protobuf message. It is always the sender's fault.
  package enum Malformed: Error {
    case truncated
    case varintTooLong
    case fieldNumber
    case wireType
  }

  package enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  package init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Bytes that were not read yet.
  package var remainingCount: Int { rest.count }

  /// The next field, or nil at the end. Groups, which proto3 does not have, are refused.
  package mutating func next() throws(Malformed) -> (field: UInt64, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let key = try varint()
    let field = key >> 3
    guard field > 0, field <= 0x1FFF_FFFF else { throw .fieldNumber }
    switch WireType(rawValue: key & 7) {
    case .varint: return (field, .varint(try varint()))
    case .fixed64: return (field, .fixed64(try littleEndian(8)))
    case .fixed32: return (field, .fixed32(UInt32(truncatingIfNeeded: try littleEndian(4))))
    case .lengthDelimited:
      let length = try varint()
      guard length <= UInt64(rest.count) else { throw .truncated }
      let bytes = rest.prefix(Int(length))
      rest = rest.dropFirst(Int(length))
      return (field, .bytes(bytes))
    case nil: throw .wireType
    }
  }

  /// The next value of a packed list, or nil at its end.
  package mutating func nextPacked(isVarint: Bool) throws(Malformed) -> Value? {
    if rest.isEmpty { return nil }
    return isVarint ? .varint(try varint()) : .fixed64(try littleEndian(8))
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw .truncated }
      // The tenth byte holds the one bit that is left of 64.
      if shift == 63, byte > 1 { throw .varintTooLong }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .varintTooLong
  }

  private mutating func littleEndian(_ count: Int) throws(Malformed) -> UInt64 {
    guard rest.count >= count else { throw .truncated }
    var value: UInt64 = 0
    for byte in rest.prefix(count).reversed() { value = value << 8 | UInt64(byte) }
    rest = rest.dropFirst(count)
    return value
  }
}

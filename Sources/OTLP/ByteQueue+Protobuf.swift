package import Bytes

/// Protocol Buffers wire types (protobuf.dev, "Encoding": Message Structure).
package enum WireType: UInt64, Sendable {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}

/// Writes Protocol Buffers fields straight into a byte queue.
///
/// Every method writes its field even when the value is the proto3 default; leaving defaults out is
/// the caller's choice, because inside a `oneof` or an `optional` the default must be written.
extension ByteQueue {
  // MARK: Primitives

  /// Appends `value` as a base-128 varint, 1 to 10 bytes.
  package mutating func append(varint value: UInt64) {
    reserve(10)
    var rest = value
    while rest >= 0x80 {
      base[end] = UInt8(truncatingIfNeeded: rest) | 0x80
      end += 1
      rest >>= 7
    }
    base[end] = UInt8(truncatingIfNeeded: rest)
    end += 1
  }

  package mutating func append(littleEndian value: UInt64) {
    reserve(8)
    UnsafeMutableRawPointer(base + end)
      .storeBytes(of: value.littleEndian, as: UInt64.self)
    end += 8
  }

  package mutating func append(littleEndian value: UInt32) {
    reserve(4)
    UnsafeMutableRawPointer(base + end)
      .storeBytes(of: value.littleEndian, as: UInt32.self)
    end += 4
  }

  /// Appends the key of a field: its number and its wire type.
  package mutating func append(tag field: Int, _ type: WireType) {
    append(varint: UInt64(truncatingIfNeeded: field) << 3 | type.rawValue)
  }

  // MARK: Scalar fields

  /// Appends a `uint32`, `uint64` or enum field.
  package mutating func append(field: Int, varint value: UInt64) {
    append(tag: field, .varint)
    append(varint: value)
  }

  /// Appends an `int32` or `int64` field; a negative value takes ten bytes.
  package mutating func append(field: Int, int value: Int64) {
    append(field: field, varint: UInt64(bitPattern: value))
  }

  /// Appends a `sint32` or `sint64` field (zigzag).
  package mutating func append(field: Int, sint value: Int64) {
    append(field: field, varint: UInt64(bitPattern: (value << 1) ^ (value >> 63)))
  }

  package mutating func append(field: Int, bool value: Bool) {
    append(field: field, varint: value ? 1 : 0)
  }

  package mutating func append(field: Int, fixed64 value: UInt64) {
    append(tag: field, .fixed64)
    append(littleEndian: value)
  }

  /// Appends an `sfixed64` field.
  package mutating func append(field: Int, sfixed64 value: Int64) {
    append(field: field, fixed64: UInt64(bitPattern: value))
  }

  package mutating func append(field: Int, fixed32 value: UInt32) {
    append(tag: field, .fixed32)
    append(littleEndian: value)
  }

  package mutating func append(field: Int, double value: Double) {
    append(field: field, fixed64: value.bitPattern)
  }

  // MARK: Length-delimited fields

  package mutating func append(field: Int, string value: String) {
    append(tag: field, .lengthDelimited)
    let written: Void? = value.utf8.withContiguousStorageIfAvailable {
      append(varint: UInt64($0.count))
      append(UnsafeRawBufferPointer($0))
    }
    if written == nil {
      append(varint: UInt64(value.utf8.count))
      for byte in value.utf8 { append(byte) }
    }
  }

  package mutating func append(field: Int, bytes value: [UInt8]) {
    append(tag: field, .lengthDelimited)
    append(varint: UInt64(value.count))
    append(value)
  }

  /// Appends a message that is encoded already.
  package mutating func append(field: Int, encoded value: UnsafeRawBufferPointer) {
    append(tag: field, .lengthDelimited)
    append(varint: UInt64(value.count))
    append(value)
  }

  /// Appends a length-delimited field whose content `body` writes; the length is put in front of it
  /// afterwards.
  package mutating func append<E: Error>(
    field: Int, message body: (inout ByteQueue) throws(E) -> Void
  ) throws(E) {
    let mark = beginMessage(field: field)
    try body(&self)
    endMessage(mark)
  }

  /// Opens a length-delimited field: writes its key and one byte of room for its length.
  /// - Returns: Where the content starts, for `endMessage(_:)`.
  package mutating func beginMessage(field: Int) -> Int {
    append(tag: field, .lengthDelimited)
    append(0 as UInt8)
    return count
  }

  /// Closes the field that `beginMessage(field:)` opened: writes its length, and moves the content
  /// when the length does not fit in the one byte of room (128 bytes and more).
  /// - Parameter contentStart: What `beginMessage(field:)` returned.
  package mutating func endMessage(_ contentStart: Int) {
    let length = count - contentStart
    if length < 0x80 {
      set(UInt8(truncatingIfNeeded: length), at: contentStart - 1)
    } else {
      patchLongLength(length, contentStart: contentStart)
    }
  }

  package mutating func patchLongLength(_ length: Int, contentStart: Int) {
    var extraBytes = 0
    var rest = length >> 7
    while rest > 0 {
      extraBytes += 1
      rest >>= 7
    }
    insertGap(extraBytes, at: contentStart)
    var value = length
    var position = contentStart - 1
    for _ in 0..<extraBytes {
      set(UInt8(truncatingIfNeeded: value) | 0x80, at: position)
      value >>= 7
      position += 1
    }
    set(UInt8(truncatingIfNeeded: value), at: position)
  }

  // MARK: Packed repeated fields

  /// Appends a packed `repeated fixed64`; nothing when empty.
  package mutating func append(field: Int, packedFixed64 values: [UInt64]) {
    guard !values.isEmpty else { return }
    append(tag: field, .lengthDelimited)
    append(varint: UInt64(values.count) * 8)
    reserve(values.count * 8)
    for value in values { append(littleEndian: value) }
  }

  /// Appends a packed `repeated double`; nothing when empty.
  package mutating func append(field: Int, packedDoubles values: [Double]) {
    guard !values.isEmpty else { return }
    append(tag: field, .lengthDelimited)
    append(varint: UInt64(values.count) * 8)
    reserve(values.count * 8)
    for value in values { append(littleEndian: value.bitPattern) }
  }

  /// Appends a packed `repeated uint64`; nothing when empty.
  package mutating func append(field: Int, packedVarints values: [UInt64]) {
    guard !values.isEmpty else { return }
    let mark = beginMessage(field: field)
    for value in values { append(varint: value) }
    endMessage(mark)
  }
}

import Bytes

/// Bytes as JSON strings.
extension ByteQueue {
  /// Appends two lower-case hexadecimal digits for each byte.
  mutating func append(jsonHex bytes: ArraySlice<UInt8>) {
    append(UInt8(ascii: "\""))
    for byte in bytes { append(hex: UInt64(byte), digits: 2) }
    append(UInt8(ascii: "\""))
  }

  /// Appends base64.
  mutating func append(jsonBase64 bytes: ArraySlice<UInt8>) {
    append(UInt8(ascii: "\""))
    append(base64: bytes)
    append(UInt8(ascii: "\""))
  }
}

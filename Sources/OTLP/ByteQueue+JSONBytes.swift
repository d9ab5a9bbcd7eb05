import Bytes

/// Bytes as JSON strings.
extension ByteQueue {
  /// Appends two lower-case hexadecimal digits for each byte.
  mutating func append(jsonHex bytes: ArraySlice<UInt8>) {
    append(UInt8(ascii: "\""))
    for byte in bytes { append(hex: UInt64(byte), digits: 2) }
    append(UInt8(ascii: "\""))
  }

  /// Appends base64 with padding (RFC 4648 §4).
  mutating func append(jsonBase64 bytes: ArraySlice<UInt8>) {
    let alphabet: StaticString =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    append(UInt8(ascii: "\""))
    var rest = bytes
    while !rest.isEmpty {
      let group = rest.prefix(3)
      rest = rest.dropFirst(3)
      var bits = 0
      for byte in group { bits = bits << 8 | Int(byte) }
      bits <<= 8 * (3 - group.count)
      for index in 0..<4 {
        let isPadding = index > group.count
        let digit = alphabet.utf8Start[bits >> (18 - 6 * index) & 0x3F]
        append(isPadding ? UInt8(ascii: "=") : digit)
      }
    }
    append(UInt8(ascii: "\""))
  }
}

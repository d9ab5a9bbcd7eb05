extension ByteQueue {
  /// Appends `bytes` in base64 with padding (RFC 4648 §4).
  package mutating func append(base64 bytes: ArraySlice<UInt8>) {
    let alphabet: StaticString =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
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
  }
}

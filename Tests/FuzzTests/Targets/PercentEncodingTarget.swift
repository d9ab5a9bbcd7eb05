import HTTP1

/// Percent-encoding: what is encoded decodes to itself, and any other text by the plain rule.
enum PercentEncodingTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    for plusIsSpace in [false, true] {
      let decoded = PercentEncoding.decode(bytes.span, plusIsSpace: plusIsSpace)
      let expected = decode(bytes, plusIsSpace: plusIsSpace)
      try requireEqual(decoded.bytes, expected.bytes, "decoded")
      try requireEqual(decoded.isWellFormed, expected.isWellFormed, "well-formed")
      let again = PercentEncoding.decode(encode(bytes).span, plusIsSpace: plusIsSpace)
      try requireEqual(again.bytes, bytes, "encoded and decoded")
      try require(again.isWellFormed, "encoded text is not well-formed")
    }
    let text = bytes.text
    let decoded = PercentEncoding.decode(Array(text.utf8).span)
    try requireEqual(PercentEncoding.decodeLeniently(text), decoded.text, "as text")
  }

  /// Every byte as an escape, its digits in either case.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF0123456789abcdef".utf8)
    return bytes.flatMap { byte in
      let half = Int(byte & 1) * 16
      return [UInt8(ascii: "%"), digits[Int(byte >> 4) + half], digits[Int(byte & 0xF) + half]]
    }
  }

  static func decode(_ bytes: [UInt8], plusIsSpace: Bool) -> (bytes: [UInt8], isWellFormed: Bool) {
    var decoded: [UInt8] = []
    var isWellFormed = true
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      let next = rest.prefix(2)
      if byte == UInt8(ascii: "%"), next.count == 2, next.isOnly(ByteSet.hexadecimal),
        let value = UInt8(next.text, radix: 16)
      {
        decoded.append(value)
        rest = rest.dropFirst(2)
        continue
      }
      if byte == UInt8(ascii: "%") { isWellFormed = false }
      decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? 0x20 : byte)
    }
    return (decoded, isWellFormed)
  }
}

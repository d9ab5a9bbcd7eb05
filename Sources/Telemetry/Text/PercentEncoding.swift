/// Percent-encoding (RFC 3986 §2.1), as W3C Baggage and the `OTEL_*` variables use it.
enum PercentEncoding {
  /// Decodes strictly.
  /// - Returns: nil when a `%` is not followed by two hexadecimal digits, or the bytes are not
  ///   UTF-8.
  static func decode(_ text: Substring) -> String? {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    guard let bytes = bytes(text, keepsMalformed: false) else { return nil }
    return String(validating: bytes, as: UTF8.self)
  }

  /// Decodes what can be decoded: a malformed `%` stays as it is, bytes that are no UTF-8 become
  /// U+FFFD.
  static func decodeLeniently(_ text: Substring) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
    return String(decoding: bytes(text, keepsMalformed: true) ?? [], as: UTF8.self)
  }

  /// Encodes every byte of `text` but those of `literal`.
  static func encode(_ text: String, except literal: (UInt8) -> Bool) -> String {
    if text.utf8.allSatisfy(literal) { return text }
    var bytes: [UInt8] = []
    let digits = StaticString("0123456789ABCDEF")
    for byte in text.utf8 {
      if literal(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digits.utf8Start[Int(byte >> 4)])
        bytes.append(digits.utf8Start[Int(byte & 0xF)])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func bytes(_ text: Substring, keepsMalformed: Bool) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      if let high = rest.first.flatMap(HexDigits.value),
        let low = rest.dropFirst().first.flatMap(HexDigits.value)
      {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else if keepsMalformed {
        bytes.append(byte)
      } else {
        return nil
      }
    }
    return bytes
  }
}

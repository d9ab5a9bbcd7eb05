extension PercentEncoding {
  /// `text` with every byte encoded but those that stand for themselves.
  package static func encode(
    _ text: some StringProtocol, except isLiteral: (UInt8) -> Bool
  ) -> String {
    if text.utf8.allSatisfy(isLiteral) { return String(text) }
    let digits = StaticString("0123456789ABCDEF")
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if isLiteral(byte) {
        bytes.append(byte)
      } else {
        bytes.append(UInt8(ascii: "%"))
        bytes.append(digits.utf8Start[Int(byte >> 4)])
        bytes.append(digits.utf8Start[Int(byte & 0xF)])
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a byte is unreserved: it means itself in every part of a URL (RFC 3986 §2.3).
  package static func isUnreserved(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"), UInt8(ascii: "~"):
      true
    default: false
    }
  }
}

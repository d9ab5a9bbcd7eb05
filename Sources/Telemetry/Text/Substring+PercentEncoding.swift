import HTTP1

extension Substring {
  /// The text that this one stands for; nil when a `%` is not followed by two hexadecimal digits,
  /// or the bytes are not UTF-8.
  var percentDecoded: String? {
    let decoded = PercentEncoding.decode(Array(utf8).span)
    return decoded.isWellFormed ? String(validating: decoded.bytes, as: UTF8.self) : nil
  }

  /// This text with every byte encoded but those that stand for themselves.
  func percentEncoded(except isLiteral: (UInt8) -> Bool) -> String {
    if utf8.allSatisfy(isLiteral) { return String(self) }
    let digits = StaticString("0123456789ABCDEF")
    var bytes: [UInt8] = []
    for byte in utf8 {
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
}

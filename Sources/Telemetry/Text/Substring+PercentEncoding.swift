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
    PercentEncoding.encode(self, except: isLiteral)
  }
}

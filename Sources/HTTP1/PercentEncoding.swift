/// Percent-encoding (RFC 3986 §2.1).
package enum PercentEncoding {
  /// The bytes that an encoded text stands for.
  package struct Decoded: Hashable, Sendable {
    package var bytes: [UInt8]
    /// Whether every `%` was followed by two hexadecimal digits.
    package var isWellFormed: Bool

    /// The bytes as text; what is not UTF-8 becomes U+FFFD.
    package var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// `text` with its escapes undone, leniently: a `%` without two hexadecimal digits stays as it
  /// is, and what is not UTF-8 then becomes U+FFFD.
  package static func decodeLeniently(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    return decode(Array(text.utf8).span).text
  }

  /// The bytes that `bytes` stand for. A `%` without two hexadecimal digits stays as it is, and is
  /// told.
  /// - Parameter plusIsSpace: Whether `+` means a space, as in forms and queries.
  package static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool = false) -> Decoded {
    var decoded = Decoded(bytes: [], isWellFormed: true)
    decoded.bytes.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte != UInt8(ascii: "%") {
        let isSpace = plusIsSpace && byte == UInt8(ascii: "+")
        decoded.bytes.append(isSpace ? UInt8(ascii: " ") : byte)
        index += 1
      } else if index + 2 < bytes.count, let high = Grammar.hexValue(bytes[index + 1]),
        let low = Grammar.hexValue(bytes[index + 2])
      {
        decoded.bytes.append(high << 4 | low)
        index += 3
      } else {
        decoded.bytes.append(byte)
        decoded.isWellFormed = false
        index += 1
      }
    }
    return decoded
  }

  /// The text of `bytes`, decoded leniently. Without anything to decode, it is made at once.
  static func text(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> String {
    for index in 0..<bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") && plusIsSpace {
        return decode(bytes, plusIsSpace: plusIsSpace).text
      }
    }
    return bytes.text
  }
}

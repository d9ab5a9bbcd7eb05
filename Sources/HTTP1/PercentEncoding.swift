/// Percent-encoding (RFC 3986 §2.1), read as leniently as the clients of the service are used to.
package enum PercentEncoding {
  /// `text` with its escapes undone. An incomplete escape stays as it is; bytes that are not UTF-8
  /// become U+FFFD.
  package static func decodeLeniently(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
    return String(decoding: decode(Array(text.utf8).span, plusIsSpace: false), as: UTF8.self)
  }

  /// The bytes that `bytes` stand for.
  /// - Parameter plusIsSpace: Whether `+` means a space, as in forms and queries.
  package static func decode(_ bytes: Span<UInt8>, plusIsSpace: Bool) -> [UInt8] {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "%"), index + 2 < bytes.count,
        let high = Grammar.hexValue(bytes[index + 1]), let low = Grammar.hexValue(bytes[index + 2])
      {
        decoded.append(high << 4 | low)
        index += 3
      } else {
        decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        index += 1
      }
    }
    return decoded
  }
}

/// `uri-host [ ":" port ]` (RFC 9110 §4.2, §7.2; RFC 3986 §3.2).
package enum Authority {
  /// Whether `bytes` are a host, not empty, perhaps with a port.
  /// - Parameter isPortRequired: As in the target of CONNECT (RFC 9112 §3.2.3).
  package static func isValid(_ bytes: Span<UInt8>, isPortRequired: Bool = false) -> Bool {
    guard let hostEnd = hostEnd(bytes), hostEnd > 0 else { return false }
    if hostEnd == bytes.count { return !isPortRequired }
    guard bytes[hostEnd] == UInt8(ascii: ":") else { return false }
    // `port = *DIGIT` lets it be empty.
    var port = 0
    for index in (hostEnd + 1)..<bytes.count {
      guard Grammar.isDigit(bytes[index]) else { return false }
      port = port * 10 + Int(bytes[index] - 0x30)
      guard port <= 65_535 else { return false }
    }
    return !isPortRequired || (hostEnd + 1 < bytes.count && port > 0)
  }

  /// Where the host ends; nil when it is malformed.
  private static func hostEnd(_ bytes: Span<UInt8>) -> Int? {
    guard !bytes.isEmpty else { return nil }
    if bytes[0] == UInt8(ascii: "[") { return literalEnd(bytes) }
    var index = 0
    while index < bytes.count {
      if Grammar.isRegisteredName(bytes[index]) {
        index += 1
      } else if bytes[index] == UInt8(ascii: "%") {
        guard index + 2 < bytes.count, Grammar.hexValue(bytes[index + 1]) != nil,
          Grammar.hexValue(bytes[index + 2]) != nil
        else { return nil }
        index += 3
      } else {
        break
      }
    }
    return index
  }

  /// An IPv6 address in brackets, by its characters; a later version's literal (`v…`) is none that
  /// exists.
  private static func literalEnd(_ bytes: Span<UInt8>) -> Int? {
    var colonCount = 0
    for index in 1..<bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "]"): return colonCount >= 2 ? index + 1 : nil
      case UInt8(ascii: ":"): colonCount += 1
      case UInt8(ascii: "."): break
      case let byte where Grammar.hexValue(byte) != nil: break
      default: return nil
      }
    }
    return nil
  }
}

extension HTTPURL {
  /// The URL that `reference` means in a message about this one (RFC 3986 §5.2), without its
  /// fragment and without dot segments; nil when it is none that a client can ask for.
  package func resolving(_ reference: String) -> HTTPURL? {
    let text = reference.prefix { $0 != "#" }
    if Self.hasScheme(text) { return HTTPURL(String(text))?.withoutDotSegments }
    if text.hasPrefix("//") { return HTTPURL("\(scheme):\(text)")?.withoutDotSegments }
    let path = target.prefix { $0 != "?" }
    let resolved: String =
      switch text.first {
      case nil: target
      case "/": String(text)
      case "?": "\(path)\(text)"
      default: "\(path[...(path.lastIndex(of: "/") ?? path.startIndex)])\(text)"
      }
    return HTTPURL("\(origin)\(resolved)")?.withoutDotSegments
  }

  /// `scheme ":"`, where a colon in the path would be another thing (RFC 3986 §4.2).
  private static func hasScheme(_ text: Substring) -> Bool {
    guard let end = text.firstIndex(where: { ":/?".contains($0) }) else { return false }
    return text[end] == ":"
  }

  /// The same with `.` and `..` taken out of the path (RFC 3986 §5.2.4).
  private var withoutDotSegments: HTTPURL {
    let path = target.prefix { $0 != "?" }
    guard path.contains("/.") else { return self }
    var kept: [Substring] = []
    var isFolder = false
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      isFolder = segment == "." || segment == ".."
      if segment == ".." { _ = kept.popLast() } else if !isFolder { kept.append(segment) }
    }
    let end = isFolder && !kept.isEmpty ? "/" : ""
    return HTTPURL(
      scheme: scheme, host: host, port: port,
      target: "/\(kept.joined(separator: "/"))\(end)\(target[path.endIndex...])")
  }
}

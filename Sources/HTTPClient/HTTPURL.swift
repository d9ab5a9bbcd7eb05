import HTTP1

/// An absolute `http` or `https` URL (RFC 9110 §4.2) in the parts a client needs.
package struct HTTPURL: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Hashable, Sendable { case http, https }

  package let scheme: Scheme
  /// A name, or a numeric address without brackets.
  package let host: String
  package let port: UInt16
  /// Path and query, beginning with `/`.
  package let target: String

  /// Parses `text`; nil unless it is absolute, `http` or `https`, without user information, of
  /// visible ASCII only, and with a valid host and port. A fragment is dropped.
  package init?(_ text: String) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let separator = text.firstRange(of: "://"),
      let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
    else { return nil }
    let rest = text[separator.upperBound...].prefix { $0 != "#" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    // What a server would refuse as Host cannot be asked for.
    guard Authority.isValid(Array(authority.utf8).span),
      let (host, port) = Self.split(authority, defaultPort: scheme == .http ? 80 : 443)
    else { return nil }
    let target = rest[authority.endIndex...]
    self.scheme = scheme
    self.host = host
    self.port = port
    self.target = target.hasPrefix("/") ? String(target) : "/\(target)"
  }

  /// - Parameters:
  ///   - host: A name, or a numeric address without brackets.
  ///   - target: Path and query, beginning with `/`.
  package init(scheme: Scheme, host: String, port: UInt16, target: String = "/") {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.target = target
  }

  /// The URL of `path`, which begins with `/` and may have a query, below this one's own path.
  package func appending(_ path: String) -> HTTPURL {
    let base = target.hasSuffix("/") ? String(target.dropLast()) : target
    return HTTPURL(scheme: scheme, host: host, port: port, target: base + path)
  }

  /// The value of the Host field: the port only where it is not the scheme's own.
  package var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (scheme == .http ? 80 : 443) ? name : "\(name):\(port)"
  }

  /// Scheme and authority, without a path.
  package var origin: String { "\(scheme)://\(authority)" }

  package var description: String { "\(scheme)://\(authority)\(target)" }

  private static func split(
    _ authority: Substring, defaultPort: UInt16
  ) -> (host: String, port: UInt16)? {
    var host = authority
    var port: UInt16? = defaultPort
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      if rest.hasPrefix(":") {
        port = parsePort(rest.dropFirst())
      } else if !rest.isEmpty {
        return nil
      }
    } else if let colon = authority.firstIndex(of: ":") {
      host = authority[..<colon]
      port = parsePort(authority[authority.index(after: colon)...])
    }
    guard let port, !host.isEmpty else { return nil }
    return (String(host), port)
  }

  private static func parsePort(_ text: Substring) -> UInt16? {
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let port = UInt16(text), port > 0
    else { return nil }
    return port
  }
}

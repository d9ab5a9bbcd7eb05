import HTTP1

/// The URL of an OTLP/HTTP receiver, split into what a client needs to connect.
///
/// Only `http` and `https` URLs without credentials and fragment are endpoints.
public struct OTLPEndpoint: Sendable, Equatable {
  public enum Scheme: String, Sendable {
    case http
    case https
  }

  public let scheme: Scheme
  /// A name, an IPv4 address, or an IPv6 address without brackets.
  public let host: String
  /// 1 to 65,535; where the URL has none, 80 for `http` and 443 for `https`.
  public let port: Int
  /// Begins with `/`; includes the query, if there is one.
  public let path: String

  /// `http://localhost:4318/`, the specification's default.
  public static let localCollector = OTLPEndpoint(
    scheme: .http, host: "localhost", port: 4318, path: "/")

  /// Why a text is no endpoint.
  public enum Invalid: String, Error {
    case scheme = "does not begin with http:// or https://"
    case credentials = "contains credentials, which belong in the headers"
    case fragment = "contains a fragment"
    case host = "names no valid host"
    case port = "has a port that is not between 1 and 65535"
    case character = "contains a character that a URL may not"
  }

  private init(scheme: Scheme, host: String, port: Int, path: String) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.path = path
  }

  /// Parses an absolute URL (RFC 3986, RFC 9110 §4.2).
  public init(parsing text: String) throws(Invalid) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .character }
    guard let separator = text.firstRange(of: "://"),
      let scheme = Scheme(rawValue: text[..<separator.lowerBound].lowercased())
    else { throw .scheme }
    let rest = text[separator.upperBound...]
    guard !rest.contains("#") else { throw .fragment }
    let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
    let authority = rest[..<authorityEnd]
    guard !authority.contains("@") else { throw .credentials }

    let (host, portText) = try Self.splitAuthority(authority)
    let port: Int
    if let portText, !portText.isEmpty {
      guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(portText),
        (1...65_535).contains(number)
      else { throw .port }
      port = number
    } else {
      port = scheme == .http ? 80 : 443
    }
    let path = String(rest[authorityEnd...])
    self.init(
      scheme: scheme, host: host, port: port, path: path.hasPrefix("/") ? path : "/" + path)
  }

  /// This base URL with the path of `signal` appended: exactly one slash between them, and the
  /// query, if there is one, kept behind.
  public func appending(_ signal: TelemetryConfiguration.Signal) -> OTLPEndpoint {
    let queryStart = path.firstIndex(of: "?") ?? path.endIndex
    var base = String(path[..<queryStart])
    if !base.hasSuffix("/") { base += "/" }
    return OTLPEndpoint(
      scheme: scheme, host: host, port: port,
      path: base + "v1/" + signal.rawValue + path[queryStart...])
  }

  private static func splitAuthority(
    _ authority: Substring
  ) throws(Invalid) -> (host: String, port: Substring?) {
    if authority.hasPrefix("[") {
      guard let close = authority.firstIndex(of: "]") else { throw .host }
      guard Authority.isValid(Array(authority[...close].utf8).span) else { throw .host }
      let host = authority[authority.index(after: authority.startIndex)..<close]
      let behind = authority[authority.index(after: close)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { throw .host }
      return (String(host), behind.isEmpty ? nil : behind.dropFirst())
    }
    let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let host = parts[0]
    let isName = !host.isEmpty && host.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
        || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }
    guard isName else { throw .host }
    return (host.lowercased(), parts.count > 1 ? parts[1] : nil)
  }
}

extension OTLPEndpoint: CustomStringConvertible {
  /// The URL, with its port.
  public var description: String { address + path }

  /// The URL without its path: what the receiver is called, for people.
  var address: String { "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

import Bytes
import HTTP1

/// A proxy that requests are sent through (RFC 9110 §3.7).
package struct HTTPProxy: Hashable, Sendable {
  /// A name, or a numeric address without brackets.
  package let host: String
  package let port: UInt16
  /// The value of `proxy-authorization`; nil for a proxy that asks for none.
  package let authorization: String?

  /// Parses `[http://][user[:password]@]host[:port][/]`; the port is 80 unless given.
  /// - Throws: `HTTPProxyError.Reason`, which tells no credentials.
  package init(_ text: String) throws(HTTPProxyError.Reason) {
    var rest = Substring(text)
    if let separator = text.firstRange(of: "://") {
      let scheme = text[..<separator.lowerBound].lowercased()
      guard scheme == "http" else { throw .unsupportedScheme(scheme) }
      rest = text[separator.upperBound...]
    }
    if rest.hasSuffix("/") { rest = rest.dropLast() }
    var credentials: Substring?
    if let end = rest.lastIndex(of: "@") {
      credentials = rest[..<end]
      rest = rest[rest.index(after: end)...]
    }
    guard let url = HTTPURL("http://\(rest)"), url.target == "/" else { throw .malformed }
    host = url.host
    port = url.port
    authorization = credentials.map(Self.basic)
  }

  /// RFC 7617: the user and the password, which a URL has percent-encoded.
  private static func basic(_ credentials: Substring) -> String {
    let parts = credentials.split(
      separator: ":", maxSplits: 1, omittingEmptySubsequences: false
    ).map { PercentEncoding.decode(Array($0.utf8).span).bytes }
    let pair = parts[0] + [UInt8(ascii: ":")] + (parts.count > 1 ? parts[1] : [])
    var queue = ByteQueue()
    queue.append("Basic " as StaticString)
    queue.append(base64: pair[...])
    return String(decoding: queue.array(), as: UTF8.self)
  }
}

import Bytes
import HTTP1
import HTTPClient
import HTTPTypes
import Telemetry

/// URLs that an operator gives: what is accepted prints as itself, and a request to it is one that
/// our own server reads.
enum URLTarget {
  static func check(_ bytes: [UInt8]) throws(BrokenInvariant) {
    let text = bytes.text
    if let url = HTTPURL(text) {
      try requireEqual(HTTPURL(url.description), url, "printed and read")
      try requireEqual(HTTPURL(url.origin)?.authority, url.authority, "origin")
      try require(url.target.hasPrefix("/") && url.port > 0 && !url.host.isEmpty, "\(url)")
      try checkRequest(url)
      try checkRequest(url.appending("/health?a=b"))
    }
    if let endpoint = try? OTLPEndpoint(parsing: text) { try check(endpoint) }
    try checkReference(text)
    try checkProxy(text)
  }

  /// What a server redirects to.
  private static func checkReference(_ text: String) throws(BrokenInvariant) {
    let base = HTTPURL(scheme: .https, host: "base.test", port: 8443, target: "/a/b;c/d?e")
    guard let url = base.resolving(text) else { return }
    try requireEqual(HTTPURL(url.description), url, "resolved, printed and read")
    try requireEqual(url.resolving(url.description), url, "resolved twice")
    try requireEqual(url.resolving(""), url, "the same document")
    let path = url.target.prefix { $0 != "?" } + "/"
    try require(!path.contains("/./") && !path.contains("/../"), "dots in \(url)")
    try checkRequest(url)
  }

  /// What an operator names as a proxy, or excepts from it.
  private static func checkProxy(_ text: String) throws(BrokenInvariant) {
    let proxies: HTTPProxies
    do throws(HTTPProxyError) {
      proxies = try HTTPProxies(environment: ["http_proxy": text, "no_proxy": text])
    } catch {
      return try require(!"\(error)".contains("@"), "credentials in \(error)")
    }
    guard let proxy = proxies.http else { return }
    try checkRequest(HTTPURL(scheme: .http, host: proxy.host, port: proxy.port))
    let isField = proxy.authorization?.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ?? true
    try require(isField, "authorization")
    let here = HTTPURL(scheme: .http, host: "127.0.0.1", port: 9)
    try require(proxies.proxy(for: here) == nil, "this machine behind a proxy")
  }

  private static func check(_ endpoint: OTLPEndpoint) throws(BrokenInvariant) {
    let again = try? OTLPEndpoint(parsing: endpoint.description)
    try requireEqual(again, endpoint, "endpoint printed and read")
    for signal in TelemetryConfiguration.Signal.allCases {
      let own = endpoint.appending(signal)
      let again = try? OTLPEndpoint(parsing: own.description)
      try requireEqual(again, own, "\(signal) printed and read")
      let path = own.path.prefix { $0 != "?" }
      try require(path.hasSuffix("/v1/\(signal.rawValue)"), "path \(own.path)")
      guard let url = HTTPURL(own.description) else {
        throw BrokenInvariant("no URL for the client: \(own)")
      }
      try requireEqual(url.target, own.path, "target")
      try requireEqual(Int(url.port), own.port, "port")
      try checkRequest(url)
    }
  }

  private static func checkRequest(_ url: HTTPURL) throws(BrokenInvariant) {
    var queue = ByteQueue()
    do throws(HTTPProtocolError) {
      try MessageEncoder.appendRequestLine(.get, target: url.target, to: &queue)
      try MessageEncoder.appendField("host", url.authority, to: &queue)
    } catch {
      throw BrokenInvariant("no request can be made to \(url)")
    }
    MessageEncoder.appendEndOfHead(to: &queue)
    let reading = try RequestReading(of: [queue.array()[...]], limits: .wide)
    try requireEqual(reading.messages.first?.head.target, url.target, "target of \(url)")
    try requireEqual(reading.messages.first?.head.authority, url.authority, "Host of \(url)")
  }
}

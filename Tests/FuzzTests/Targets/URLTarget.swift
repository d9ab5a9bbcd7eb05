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

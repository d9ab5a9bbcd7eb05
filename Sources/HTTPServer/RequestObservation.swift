import HTTP1
import HTTPTypes
import ServiceContextModule
import Sockets
import Tracing

/// A request under way, and what telemetry says of it.
struct RequestObservation: Sendable {
  let span: any Span
  let context: ServiceContext
  let head: RequestHead
  /// A known method, or `_OTHER`.
  let method: String
  let scheme: String
  let route: String?
  let start: DefaultTracerClock.Timestamp
  private let peerAddress: SocketAddress?

  var protocolVersion: String { head.version == .http11 ? "1.1" : "1.0" }

  init(
    span: any Span, context: ServiceContext, request: ServerRequest, method: String,
    start: DefaultTracerClock.Timestamp
  ) {
    self.span = span
    self.context = context
    head = request.head
    self.method = method
    scheme = request.scheme
    route = request.match.routePath
    self.start = start
    peerAddress = request.peerAddress
  }

  /// Sets the span's attributes, all of them at once and at the end: every look at the attributes of
  /// a span copies them.
  func describe(status: Int?, errorType: String?) {
    var attributes = SpanAttributes()
    attributes.reserveCapacity(16)
    describeRequest(&attributes)
    describePeers(&attributes)
    if let status { attributes.set("http.response.status_code", value: .int64(Int64(status))) }
    if let errorType { attributes.set("error.type", value: .string(errorType)) }
    span.updateAttributes { present in
      if present.isEmpty { present = attributes } else { present.merge(attributes) }
    }
  }

  private func describeRequest(_ attributes: inout SpanAttributes) {
    attributes.set("http.request.method", value: .string(method))
    if method == ServerTimers.otherMethod {
      attributes.set("http.request.method_original", value: .string(head.method.rawValue))
    }
    attributes.set("url.path", value: .string(head.path))
    attributes.set("url.scheme", value: .string(scheme))
    if let query = head.query {
      attributes.set("url.query", value: .string(QueryRedaction.redact(query)))
    }
    if let route { attributes.set("http.route", value: .string(route)) }
    attributes.set("network.protocol.version", value: .string(protocolVersion))
    if let agent = head[.userAgent] {
      attributes.set("user_agent.original", value: .string(agent))
    }
  }

  private func describePeers(_ attributes: inout SpanAttributes) {
    if let authority = head.authority {
      let (name, port) = Self.split(authority)
      attributes.set("server.address", value: .string(name))
      if let port { attributes.set("server.port", value: .int64(port)) }
    }
    if let peerAddress {
      let address = SpanAttribute.string(peerAddress.host)
      attributes.set("client.address", value: address)
      attributes.set("network.peer.address", value: address)
      attributes.set("network.peer.port", value: .int64(Int64(peerAddress.port)))
    }
  }

  /// Name and port of a valid authority; an address of IPv6 without its brackets.
  private static func split(_ authority: String) -> (String, Int64?) {
    let bytes = authority.utf8
    var name = authority[...]
    var port: Int64?
    if bytes.last != UInt8(ascii: "]"), let colon = bytes.lastIndex(of: UInt8(ascii: ":")) {
      name = authority[..<colon]
      port = Int64(authority[bytes.index(after: colon)...])
    }
    if name.utf8.first == UInt8(ascii: "[") { name = name.dropFirst().dropLast() }
    return (String(name), port)
  }
}

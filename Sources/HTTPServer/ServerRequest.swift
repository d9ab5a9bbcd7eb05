package import HTTP1
package import HTTPTypes
package import Sockets

/// A request as a handler sees it. It is used on its connection's task.
package struct ServerRequest {
  package let head: RequestHead
  /// The content, read as the handler asks for it.
  package internal(set) var body: RequestBody
  /// The client's end of the connection.
  package let peerAddress: SocketAddress?
  /// `http`, or `https` over TLS (RFC 9110 §4.2).
  package let scheme: String
  /// What the router made of it.
  package let match: RouteMatch
  /// When its head was complete; the loop's clock.
  package let receivedAt: MonotonicInstant

  package var method: HTTPRequest.Method { head.method }
}

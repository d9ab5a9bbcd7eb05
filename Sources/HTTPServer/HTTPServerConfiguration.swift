package import HTTP1
package import TLS

/// Limits and deadlines of a server. Each names what happens when it is reached.
package struct HTTPServerConfiguration: Sendable {
  /// Of a message's parts, in bytes and counts; answered with 400, 413, 414 or 431.
  package var limits = HTTPLimits()

  /// Secures every connection; nil serves plain HTTP.
  package var tls: TLSServerContext?

  /// How long a TLS handshake may take; then the connection is closed.
  package var handshakeTimeout: Duration = .seconds(10)

  /// How long a connection may be idle between requests; then it is closed.
  package var keepAliveTimeout: Duration = .seconds(75)

  /// How long a request's head may take from its first byte; then 408 and close. Also how long a
  /// new connection may send nothing; then it is closed.
  package var headTimeout: Duration = .seconds(10)

  /// How long a body may pause between two pieces; then 408 and close.
  package var bodyTimeout: Duration = .seconds(30)

  /// Bytes of content that must come in a second, on average over the time spent waiting for them;
  /// then 408 and close. 0 allows any.
  package var bodyBytesPerSecondMin = 240

  /// How long content may fall behind that: who has just begun has sent nothing yet.
  package var bodyRateGrace: Duration = .seconds(5)

  /// How long a handler may take to its response, the time not counted in which it waits for the
  /// request's content; then 503, the connection is closed and the handler's task cancelled. A
  /// streamed response's content has no such limit.
  package var handlerTimeout: Duration = .seconds(30)

  /// How long the peer may take no byte of a response; then the connection is reset.
  package var writeTimeout: Duration = .seconds(30)

  /// Bytes of a response that must be taken in a second, on average over the time spent waiting for
  /// the peer, behind which it may fall by `writeTimeout`; then the connection is reset. 0 allows
  /// any.
  package var writeBytesPerSecondMin = 240

  /// Bytes of responses that wait for slow peers, over all connections. A connection that would
  /// exceed it is reset.
  package var waitingBytesMax = 268_435_456

  /// Requests answered on one connection; the last says `connection: close`.
  package var requestsPerConnectionMax = 1_000_000

  /// Connections of the server at once. At the limit it stops accepting until one ends.
  package var connectionsMax = 10_000

  /// How long accepting pauses when the system is out of descriptors or memory.
  package var acceptPause: Duration = .milliseconds(100)

  /// While draining: how long a connection that is between requests may still send one. It is
  /// answered with `connection: close`, so that nobody's request meets a closed door.
  package var drainIdleGrace: Duration = .milliseconds(250)

  /// How long a closing connection waits for the peer to end its half, so that the last response
  /// is not destroyed by a reset (RFC 9112 §9.6).
  package var lingerTimeout: Duration = .seconds(1)

  /// Bytes asked of the socket at once.
  package var receiveBytesMax = 16_384

  /// Responses to pipelined requests are sent together until they are this large.
  package var sendBufferBytesMax = 65_536

  /// The value of the `server` field; nil sends none.
  package var serverName: String? = "ostack"

  package init() {}
}

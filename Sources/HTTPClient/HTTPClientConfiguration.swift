package import HTTP1
package import TLS

/// Limits and deadlines of a client.
package struct HTTPClientConfiguration: Sendable {
  /// Of a response's parts; a response that breaks one is an error.
  package var limits: HTTPLimits = {
    var limits = HTTPLimits()
    limits.bodyBytesMax = 8 << 20
    return limits
  }()

  /// Secures connections to `https` origins; nil trusts the system's authorities.
  package var tls: TLSClientContext?

  /// How long connecting may take, all addresses and the handshake together, within the request's own deadline.
  package var connectTimeout: Duration = .seconds(3)

  /// Connections to one origin from one event loop. Further requests wait for one, in order.
  package var connectionsPerOriginMax = 64

  /// Requests that wait for a connection to one origin on one loop; more fail at once.
  package var waitingRequestsMax = 10_000

  /// How long an unused connection is kept.
  package var idleTimeout: Duration = .seconds(30)

  /// The value of `user-agent`.
  package var userAgent = "ostack"

  package init() {}
}

package import HTTP1
package import Sockets
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

  /// Which requests go through a proxy; none unless told.
  package var proxies = HTTPProxies()

  /// Finds the addresses of hosts.
  package var resolver = NameResolver.shared

  /// How long finding the host's addresses and connecting to one of them may take, all of them
  /// together, within the request's own deadline.
  package var connectTimeout: Duration = .seconds(3)

  /// How long a proxy's tunnel and the TLS handshake may take together, once connected.
  package var handshakeTimeout: Duration = .seconds(3)

  /// How long the server may take from the request's last byte to its response's first.
  package var firstByteTimeout: Duration = .seconds(30)

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

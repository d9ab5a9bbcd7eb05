package import Sockets

/// Carries one request to a receiver: HTTP today; anything that answers later.
package protocol OTLPTransport: Sendable {
  /// Sends a request and waits for the answer; it is called on the telemetry loop.
  /// - Parameter deadline: When to give up. A cancelled task has to give up at once, too.
  func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse
}

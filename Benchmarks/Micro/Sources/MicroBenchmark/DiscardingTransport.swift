import Sockets
import Telemetry

/// A receiver that takes everything at once and throws it away: what is measured is our side alone.
struct DiscardingTransport: OTLPTransport {
  func send(
    _ request: OTLPRequest, deadline: MonotonicInstant
  ) async throws(OTLPTransportError) -> OTLPResponse {
    OTLPResponse(status: 200)
  }
}

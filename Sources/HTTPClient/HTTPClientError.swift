package import HTTP1
package import HTTPTypes
package import Sockets

/// Why there is no response.
package enum HTTPClientError: Error, CustomStringConvertible {
  /// What was being done when the deadline came.
  package enum Phase: String, Sendable {
    case waitingForConnection = "waiting for a connection"
    case connecting
    /// A proxy's tunnel, or the TLS handshake.
    case securing = "securing the connection"
    case awaitingResponse = "waiting for the response"
    case exchanging = "sending the request or receiving the response"
  }

  case resolutionFailed(ResolutionError)
  /// No address could be connected to; the last one's reason.
  case connectionFailed(SocketAddress, StreamError)
  /// The proxy opens no tunnel to the server, and answers with this status (RFC 9110 §9.3.6).
  case tunnelRefused(HTTPResponse.Status)
  case timedOut(Phase)
  case cancelled
  /// Too many requests wait already.
  case overloaded
  /// The connection ended before the response was complete.
  case disconnected(StreamError?)
  /// The server broke the protocol, or a limit for responses.
  case protocolViolation(HTTPProtocolError)
  /// The request has a part that cannot be sent.
  case invalidRequest(HTTPProtocolError)
  /// The server redirects to where the request may not go.
  case redirectRefused(RedirectRefusal)

  /// A short constant name, for `error.type`.
  package var label: String {
    switch self {
    case .resolutionFailed: "name_resolution_error"
    case .connectionFailed(_, .security): "tls_error"
    case .connectionFailed: "connection_error"
    case .tunnelRefused: "proxy_error"
    case .timedOut: "timeout"
    case .cancelled: "cancelled"
    case .overloaded: "overloaded"
    case .disconnected: "disconnected"
    case .protocolViolation(let error), .invalidRequest(let error): error.label
    case .redirectRefused: "redirect_error"
    }
  }

  /// Whether the server certainly has not seen the request.
  package var isBeforeSending: Bool {
    switch self {
    case .resolutionFailed, .connectionFailed, .tunnelRefused, .overloaded, .invalidRequest:
      true
    case .timedOut(let phase): phase != .exchanging && phase != .awaitingResponse
    case .cancelled, .disconnected, .protocolViolation, .redirectRefused: false
    }
  }

  package var description: String {
    switch self {
    case .resolutionFailed(let error): error.description
    case .connectionFailed(let address, let error): "cannot connect to \(address): \(error)"
    case .tunnelRefused(let status): "the proxy refuses the connection: \(status.code)"
    case .timedOut(let phase): "timed out \(phase.rawValue)"
    case .cancelled: "cancelled"
    case .overloaded: "too many requests wait for a connection"
    case .disconnected(let error): "the connection ended early\(error.map { ": \($0)" } ?? "")"
    case .protocolViolation(let error): "the server broke the protocol: \(error)"
    case .invalidRequest(let error): "the request cannot be sent: \(error)"
    case .redirectRefused(let refusal): "the redirect is not followed: \(refusal)"
    }
  }
}

package import HTTP1
package import Sockets

/// Why there is no response.
package enum HTTPClientError: Error, CustomStringConvertible {
  /// What was being done when the deadline came.
  package enum Phase: String, Sendable {
    case waitingForConnection = "waiting for a connection"
    case connecting
    case exchanging = "waiting for the response"
  }

  case resolutionFailed(ResolutionError)
  /// No address could be connected to; the last one's reason.
  case connectionFailed(SocketAddress, StreamError)
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

  /// A short constant name, for `error.type`.
  package var label: String {
    switch self {
    case .resolutionFailed: "name_resolution_error"
    case .connectionFailed(_, .security): "tls_error"
    case .connectionFailed: "connection_error"
    case .timedOut: "timeout"
    case .cancelled: "cancelled"
    case .overloaded: "overloaded"
    case .disconnected: "disconnected"
    case .protocolViolation(let error), .invalidRequest(let error): error.label
    }
  }

  /// Whether the server certainly has not seen the request.
  package var isBeforeSending: Bool {
    switch self {
    case .resolutionFailed, .connectionFailed, .overloaded, .invalidRequest:
      true
    case .timedOut(let phase): phase != .exchanging
    case .cancelled, .disconnected, .protocolViolation: false
    }
  }

  package var description: String {
    switch self {
    case .resolutionFailed(let error): error.description
    case .connectionFailed(let address, let error): "cannot connect to \(address): \(error)"
    case .timedOut(let phase): "timed out \(phase.rawValue)"
    case .cancelled: "cancelled"
    case .overloaded: "too many requests wait for a connection"
    case .disconnected(let error): "the connection ended early\(error.map { ": \($0)" } ?? "")"
    case .protocolViolation(let error): "the server broke the protocol: \(error)"
    case .invalidRequest(let error): "the request cannot be sent: \(error)"
    }
  }
}

/// Why a request got no answer.
package enum OTLPTransportError: Error, Sendable, Equatable {
  /// There is no connection to the receiver: refused, unreachable, unknown name, failed handshake.
  /// The text says which, for people.
  case connectionFailed(String)
  /// The connection ended before the answer was complete.
  case connectionClosed
  case timedOut
  /// What came is no HTTP, or more than may be read; trying again would bring the same.
  case invalidResponse(String)
  /// The task was cancelled.
  case cancelled
}

extension OTLPTransportError {
  /// A short constant name, for `error.type`.
  package var label: String {
    switch self {
    case .connectionFailed: "connection_error"
    case .connectionClosed: "disconnected"
    case .timedOut: "timeout"
    case .invalidResponse: "invalid_response"
    case .cancelled: "cancelled"
    }
  }
}

extension OTLPTransportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .connectionFailed(let reason): reason
    case .connectionClosed: "connection closed without an answer"
    case .timedOut: "timed out"
    case .invalidResponse(let reason): reason
    case .cancelled: "cancelled"
    }
  }
}

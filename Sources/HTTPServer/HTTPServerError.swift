package import HTTP1
package import HTTPTypes
package import Sockets

/// Why a connection could not go on.
package enum HTTPServerError: Error, CustomStringConvertible {
  /// The peer broke a rule or a limit; the error has the answer.
  case protocolViolation(HTTPProtocolError)
  /// A request took too long to arrive: 408.
  case requestTimedOut
  /// A handler took too long: 503.
  case handlerTimedOut
  /// The connection could not be secured.
  case handshakeFailed(StreamError)
  /// The connection broke or was closed.
  case disconnected(StreamError)
  /// A handler's response has a field that would break the message.
  case invalidResponse(HTTPProtocolError)

  /// Whether the peer is to blame, as opposed to a handler or to how connections just end.
  package var isPeerFault: Bool {
    switch self {
    case .protocolViolation, .requestTimedOut, .handshakeFailed: true
    case .disconnected, .invalidResponse, .handlerTimedOut: false
    }
  }

  /// What the client is told; nil when there is nobody to tell.
  package var status: HTTPResponse.Status? {
    switch self {
    case .protocolViolation(let violation): violation.status
    case .requestTimedOut: .requestTimeout
    case .handlerTimedOut: .serviceUnavailable
    case .invalidResponse: .internalServerError
    case .handshakeFailed, .disconnected: nil
    }
  }

  package var description: String {
    switch self {
    case .protocolViolation(let error): "the peer broke the protocol: \(error)"
    case .requestTimedOut: "the request took too long to arrive"
    case .handlerTimedOut: "the request took too long to answer"
    case .handshakeFailed(let error): "the handshake failed: \(error)"
    case .disconnected(let error): "the connection ended: \(error)"
    case .invalidResponse(let error): "the response cannot be sent: \(error)"
    }
  }
}

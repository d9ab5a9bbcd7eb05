/// Why a stream could not go on.
package enum StreamError: Error, CustomStringConvertible {
  /// The deadline came first.
  case timedOut
  /// The task that waited was cancelled.
  case cancelled
  /// This side has closed the stream.
  case closed
  /// The system refused; `SystemError.isDisconnect` tells a peer that went away.
  case system(SystemError)
  /// The layer that secures the stream refused; the error says whose fault it is.
  case security(any Error)

  package var description: String {
    switch self {
    case .timedOut: "timed out"
    case .cancelled: "cancelled"
    case .closed: "closed"
    case .system(let error): error.description
    case .security(let error): "\(error)"
    }
  }
}

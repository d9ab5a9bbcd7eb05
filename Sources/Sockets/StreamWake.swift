/// Why somebody who waited on a stream goes on.
package enum StreamWake: Sendable {
  /// It may be ready.
  case ready
  case timedOut
  case cancelled
  case closed

  /// - Throws: What a wait throws when the stream is not ready.
  package func check() throws(StreamError) {
    switch self {
    case .ready: return
    case .timedOut: throw .timedOut
    case .cancelled: throw .cancelled
    case .closed: throw .closed
    }
  }
}

package import Sockets
import Synchronization

/// Why a server accepts nobody for a moment.
package enum AcceptPause: Sendable, CustomStringConvertible {
  /// It has as many connections as it may.
  case connectionLimit
  /// The system is out of descriptors or memory.
  case shortage(SystemError)

  package var description: String {
    switch self {
    case .connectionLimit: "the limit of connections is reached"
    case .shortage(let error): error.description
    }
  }

  /// Tells of pauses, though not of each: there may be ten in a second.
  final class Notice: Sendable {
    private static let interval = Duration.seconds(10)

    private let tell: @Sendable (AcceptPause) -> Void
    private let next = Mutex(MonotonicInstant(nanoseconds: 0))

    init(_ tell: @escaping @Sendable (AcceptPause) -> Void) { self.tell = tell }

    func note(_ pause: AcceptPause, at now: MonotonicInstant) {
      let isDue = next.withLock { next -> Bool in
        guard now >= next else { return false }
        next = now + Self.interval
        return true
      }
      if isDue { tell(pause) }
    }
  }
}

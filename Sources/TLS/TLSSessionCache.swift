import COpenSSL
import Synchronization

/// The sessions a client can resume, by host. Safe from any thread.
final class TLSSessionCache: Sendable {
  struct Key: Hashable, Sendable {
    let host: String
    let port: UInt16
  }

  /// One owned reference to an SSL_SESSION.
  final class Session: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: OpenSSL counts references atomically, and nobody changes a
    // session once it is here.
    let raw: OpaquePointer

    /// Takes over the caller's reference.
    init(owning raw: OpaquePointer) { self.raw = raw }

    deinit { SSL_SESSION_free(raw) }
  }

  private struct State {
    var sessions: [Key: [Session]] = [:]
    /// The hosts in the order they came: the first goes when there are too many.
    var order: [Key] = []
  }

  private let state = Mutex(State())
  private let hostsMax: Int

  /// How many sessions of one host are kept: servers hand out several for parallel connections.
  static let sessionsPerHostMax = 4

  /// - Parameter hostsMax: At least 1.
  init(hostsMax: Int) { self.hostsMax = hostsMax }

  func store(_ session: Session, for key: Key) {
    state.withLock { state in
      if state.sessions[key] == nil {
        if state.order.count >= hostsMax {
          state.sessions[state.order.removeFirst()] = nil
        }
        state.order.append(key)
      }
      state.sessions[key, default: []].append(session)
      if state.sessions[key, default: []].count > Self.sessionsPerHostMax {
        state.sessions[key]?.removeFirst()
      }
    }
  }

  /// The newest session for `key`. One of TLS 1.3 is handed out once only: using it twice would let
  /// an observer link the connections (RFC 8446 §C.4).
  func take(for key: Key) -> Session? {
    state.withLock { state in
      while let session = state.sessions[key]?.popLast() {
        guard SSL_SESSION_is_resumable(session.raw) == 1 else { continue }
        if SSL_SESSION_get_protocol_version(session.raw) == TLS1_2_VERSION {
          state.sessions[key]?.append(session)
        }
        return session
      }
      return nil
    }
  }
}

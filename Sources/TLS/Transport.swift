import Bytes
import COpenSSL

/// What OpenSSL's callbacks see of one connection: the bytes on both sides of it, in memory, and
/// what is noted on the way.
///
/// It lives at a fixed address from the connection's beginning to its end, and is used by whoever
/// drives the connection, and by the callbacks inside such a use.
struct Transport: ~Copyable {
  typealias Pointer = UnsafeMutablePointer<Transport>

  /// Arrived from the peer, not yet taken by OpenSSL.
  var inbound = ByteQueue(capacity: 0)
  /// For the peer.
  var outbound = ByteQueue(capacity: 0)
  /// The peer sends no more than `inbound`.
  var isInboundEnded = false
  /// What the verification of the peer's certificate found wrong first.
  var verificationFailure: TLSVerificationFailure?
  /// The host a client asked for; empty on a server.
  let host: String
  /// Where a client's new sessions go.
  let sessions: SessionSink?

  struct SessionSink {
    let cache: TLSSessionCache
    let key: TLSSessionCache.Key
  }

  /// The transport of a connection, inside its callbacks.
  @inline(__always)
  static func of(ssl: OpaquePointer?) -> Pointer? {
    SSL_get_ex_data(ssl, exDataIndex)?.assumingMemoryBound(to: Transport.self)
  }

  /// Index 0 is the application's by definition (SSL_set_app_data).
  static let exDataIndex: Int32 = 0
}

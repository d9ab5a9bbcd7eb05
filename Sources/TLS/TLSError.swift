/// Why a secured stream could not start or go on.
package enum TLSError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The peer's bytes ended without its `close_notify` (RFC 8446 §6.1): somebody may have cut
  /// them off.
  case truncated
  /// This side does not accept the peer's certificate.
  case verification(TLSVerificationFailure)
  /// The server needs a client certificate, and the client showed none.
  case missingClientCertificate
  /// The peer gave up, and this is its reason.
  case peerAlert(TLSAlert)
  case noSharedVersion
  case noSharedCipher
  case noSharedApplicationProtocol
  /// What arrived is something else than TLS.
  case notTLS
  /// A record does not decrypt: it was changed on its way.
  case corruptedRecord
  /// A record is longer than RFC 8446 §5.2 allows.
  case recordTooLong
  /// Any other breach of the protocol by the peer, in OpenSSL's words.
  case protocolViolation(String)
  /// This side's configuration is wrong.
  case configuration(String)
  /// This side reads or writes before the end of the handshake, or writes behind its own end.
  case notOpen

  /// Whose fault it is.
  package enum Fault: Hashable, Sendable { case local, peer }

  package var fault: Fault {
    switch self {
    case .configuration, .notOpen: .local
    default: .peer
    }
  }

  package var description: String {
    switch self {
    case .truncated: "TLS: the connection ended without close_notify, data may be missing"
    case .verification(let failure): "TLS: \(failure)"
    case .missingClientCertificate: "TLS: the client shows no certificate"
    case .peerAlert(let alert): "TLS: the peer refuses: \(alert)"
    case .noSharedVersion: "TLS: no shared protocol version"
    case .noSharedCipher: "TLS: no shared cipher"
    case .noSharedApplicationProtocol: "TLS: no shared application protocol"
    case .notTLS: "TLS: the peer does not speak TLS"
    case .corruptedRecord: "TLS: a record was corrupted on its way"
    case .recordTooLong: "TLS: a record is too long"
    case .protocolViolation(let reason): "TLS: the peer breaks the protocol: \(reason)"
    case .configuration(let reason): "TLS: wrong configuration: \(reason)"
    case .notOpen: "TLS: used before the handshake or after the end"
    }
  }
}

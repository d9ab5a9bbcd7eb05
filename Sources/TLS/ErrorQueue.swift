import COpenSSL
import Glibc

/// OpenSSL's queue of errors, one for each thread: read at once after a failure, and always to its
/// end, so that nothing is left to be mistaken for the next failure.
enum ErrorQueue {
  /// Empties the queue into what it says about a connection.
  /// - Parameter verification: What the verification of the peer found wrong.
  static func drain(verification: TLSVerificationFailure?) -> TLSError {
    let (text, reason) = drainAll()
    let unknown = TLSError.protocolViolation(text.isEmpty ? "unknown reason" : text)
    guard let reason else { return unknown }
    let alert = reason - SSL_AD_REASON_OFFSET
    if (0...255).contains(alert) { return .peerAlert(TLSAlert(code: UInt8(alert))) }
    if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, let verification {
      return .verification(verification)
    }
    return error(for: reason) ?? unknown
  }

  /// Empties the queue into the reasons it holds, first the cause; empty when there is none.
  static func drainToText() -> String { drainAll().text }

  /// - Returns: All reasons as text, and the first that is about the protocol: what a cipher or a
  ///   parser found wrong may stand before it.
  private static func drainAll() -> (text: String, reason: Int32?) {
    var texts: [String] = []
    var reason: Int32?
    while true {
      let code = ERR_get_error()
      if code == 0 { return (texts.joined(separator: ", "), reason) }
      let text = Self.text(of: code)
      if texts.last != text { texts.append(text) }
      if reason == nil, ERR_GET_LIB(code) == ERR_LIB_SSL { reason = ERR_GET_REASON(code) }
    }
  }

  /// Empties the queue of what an earlier user of the thread may have left.
  @inline(__always)
  static func clear() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  private static func text(of code: UInt) -> String {
    if ERR_GET_LIB(code) == ERR_LIB_SYS { return String(cString: strerror(ERR_GET_REASON(code))) }
    return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
  }

  private static func error(for reason: Int32) -> TLSError? {
    switch reason {
    case SSL_R_UNEXPECTED_EOF_WHILE_READING:
      .truncated
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      .missingClientCertificate
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_INAPPROPRIATE_FALLBACK,
      SSL_R_WRONG_SSL_VERSION:
      .noSharedVersion
    case SSL_R_NO_SHARED_CIPHER:
      .noSharedCipher
    case SSL_R_NO_APPLICATION_PROTOCOL:
      .noSharedApplicationProtocol
    case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST,
      SSL_R_UNKNOWN_PROTOCOL:
      .notTLS
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SSL_R_DECRYPTION_FAILED:
      .corruptedRecord
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG, SSL_R_DATA_LENGTH_TOO_LONG, SSL_R_PACKET_LENGTH_TOO_LONG:
      .recordTooLong
    default:
      nil
    }
  }
}

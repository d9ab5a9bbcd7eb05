import COpenSSL

extension TLSVerificationFailure {
  /// Reads what a failed step of a verification found.
  /// - Parameters:
  ///   - verification: The X509_STORE_CTX inside its callback.
  ///   - expectedHost: The host that this side asked for.
  init(_ verification: OpaquePointer, expectedHost: String) {
    let code = X509_STORE_CTX_get_error(verification)
    guard let raw = X509_STORE_CTX_get_current_cert(verification) else {
      self = .other(subject: "the peer", reason: Self.text(code))
      return
    }
    let certificate = Certificate(raw: raw)
    switch code {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      self = .expired(subject: certificate.subject, notAfter: certificate.notAfter)
    case X509_V_ERR_CERT_NOT_YET_VALID:
      self = .notYetValid(subject: certificate.subject, notBefore: certificate.notBefore)
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      self = .selfSigned(subject: certificate.subject)
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      self = .unknownAuthority(subject: certificate.subject, issuer: certificate.issuer)
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      self = .wrongHost(expected: expectedHost, certificateNames: certificate.hosts)
    case X509_V_ERR_CERT_REVOKED:
      self = .revoked(subject: certificate.subject)
    case X509_V_ERR_INVALID_PURPOSE:
      self = .wrongPurpose(subject: certificate.subject)
    default:
      self = .other(subject: certificate.subject, reason: Self.text(code))
    }
  }

  private static func text(_ code: Int32) -> String {
    X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)"
  }
}

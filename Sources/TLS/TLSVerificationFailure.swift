/// Why the peer's certificate is not accepted.
package enum TLSVerificationFailure: Hashable, Sendable, CustomStringConvertible {
  /// The day is the last of its validity, such as `2024-12-31`.
  case expired(subject: String, notAfter: String)
  case notYetValid(subject: String, notBefore: String)
  /// It vouches for itself, and is not trusted.
  case selfSigned(subject: String)
  /// No trusted authority signed it, or what leads to one is missing.
  case unknownAuthority(subject: String, issuer: String)
  /// It is for other hosts.
  case wrongHost(expected: String, certificateNames: [String])
  case revoked(subject: String)
  /// It must not be used for this, such as a server's as a client's.
  case wrongPurpose(subject: String)
  /// OpenSSL's own words.
  case other(subject: String, reason: String)

  package var description: String {
    switch self {
    case .expired(let subject, let notAfter):
      "the certificate of \(subject) expired on \(notAfter)"
    case .notYetValid(let subject, let notBefore):
      "the certificate of \(subject) is not valid before \(notBefore)"
    case .selfSigned(let subject):
      "the certificate of \(subject) is self-signed and not trusted"
    case .unknownAuthority(let subject, let issuer):
      "the certificate of \(subject) is signed by an unknown authority: \(issuer)"
    case .wrongHost(let expected, let names):
      "wrong host: expected \(expected), the certificate is for "
        + (names.isEmpty ? "no host" : names.joined(separator: ", "))
    case .revoked(let subject):
      "the certificate of \(subject) is revoked"
    case .wrongPurpose(let subject):
      "the certificate of \(subject) is not made for this purpose"
    case .other(let subject, let reason):
      "the certificate of \(subject) is not accepted: \(reason)"
    }
  }
}

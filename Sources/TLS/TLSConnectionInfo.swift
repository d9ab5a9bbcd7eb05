/// What a handshake came to.
package struct TLSConnectionInfo: Hashable, Sendable {
  package var version: TLSVersion
  /// Its standard name, such as `TLS_AES_128_GCM_SHA256`.
  package var cipherSuite: String
  /// What both sides agreed on by ALPN.
  package var applicationProtocol: String?
  /// The host that the client asked for by SNI.
  package var serverName: String?
  /// Whether an earlier session was resumed, without certificates.
  package var isResumed: Bool
  /// What the peer's certificate says; nil when it showed none.
  package var peerCertificate: PeerCertificate?

  /// Verified, unless the configuration turned that off.
  package struct PeerCertificate: Hashable, Sendable {
    /// On one line, such as `CN=orders,O=Example`.
    package var subject: String
    /// The DNS names and addresses it is for.
    package var hosts: [String]
    /// The last day of its validity, in UTC, such as `2030-12-31`.
    package var notAfter: String
  }
}

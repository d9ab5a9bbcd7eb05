import COpenSSL

extension TLSEngine {
  /// What the handshake came to; nil before its end.
  package var info: TLSConnectionInfo? {
    guard isHandshakeComplete else { return nil }
    let cipher = SSL_get_current_cipher(ssl).flatMap { SSL_CIPHER_standard_name($0) }
    let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
    return TLSConnectionInfo(
      version: SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12,
      cipherSuite: cipher.map { String(cString: $0) } ?? "unknown",
      applicationProtocol: applicationProtocol,
      serverName: name.map { String(cString: $0) },
      isResumed: SSL_session_reused(ssl) == 1,
      peerCertificate: peerCertificate)
  }

  private var applicationProtocol: String? {
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &name, &count)
    guard count > 0 else { return nil }
    return String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
  }

  private var peerCertificate: TLSConnectionInfo.PeerCertificate? {
    guard let raw = SSL_get0_peer_certificate(ssl) else { return nil }
    let certificate = Certificate(raw: raw)
    return TLSConnectionInfo.PeerCertificate(
      subject: certificate.subject, hosts: certificate.hosts, notAfter: certificate.notAfter)
  }
}

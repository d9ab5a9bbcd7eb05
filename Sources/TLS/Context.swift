import COpenSSL

/// Owns an SSL_CTX: what the connections of one configuration share. Complete when its initialiser
/// returns, and never changed then.
final class Context: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: OpenSSL allows connections on several threads to share a
  // context that is not changed any more.
  let raw: OpaquePointer
  /// The application protocols of a server in wire form; read by a callback.
  let applicationProtocols: [UInt8]

  init(_ options: TLSProtocolOptions, method: OpaquePointer?) throws(TLSError) {
    let protocols = try options.applicationProtocolBytes()
    guard let raw = SSL_CTX_new(method) else {
      throw .configuration("no context: \(ErrorQueue.drainToText())")
    }
    self.raw = raw
    applicationProtocols = protocols
    try apply(options)
  }

  deinit { SSL_CTX_free(raw) }

  private func apply(_ options: TLSProtocolOptions) throws(TLSError) {
    guard options.minimumVersion <= options.maximumVersion,
      copenssl_CTX_set_min_version(raw, options.minimumVersion.wireValue) == 1,
      copenssl_CTX_set_max_version(raw, options.maximumVersion.wireValue) == 1
    else { throw .configuration("no protocol version is allowed") }
    // 112 bits of security at least: no RSA below 2,048 bits, no SHA-1 signatures.
    SSL_CTX_set_security_level(raw, 2)
    SSL_CTX_set_options(raw, copenssl_OP_NO_RENEGOTIATION | copenssl_OP_NO_COMPRESSION)
    copenssl_CTX_set_mode(
      raw,
      Int(
        SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
          | SSL_MODE_RELEASE_BUFFERS | SSL_MODE_NO_AUTO_CHAIN))
    let suites = options.cipherSuites.joined(separator: ":")
    guard SSL_CTX_set_ciphersuites(raw, suites) == 1 else {
      throw .configuration("unknown cipher suite in \(suites): \(ErrorQueue.drainToText())")
    }
    let suites12 = options.cipherSuites12.joined(separator: ":")
    guard options.minimumVersion == .tls13 || SSL_CTX_set_cipher_list(raw, suites12) == 1 else {
      throw .configuration("no usable cipher in \(suites12): \(ErrorQueue.drainToText())")
    }
  }

  /// Makes connections show `identity`.
  func use(_ identity: TLSIdentity) throws(TLSError) {
    let raw = raw
    try identity.certificateChain.forEachCertificate { (certificate, index) throws(TLSError) in
      let status =
        index == 0
        ? SSL_CTX_use_certificate(raw, certificate)
        : copenssl_CTX_add_chain_certificate(raw, certificate)
      guard status == 1 else {
        let text = ErrorQueue.drainToText()
        throw .configuration("unusable certificate in \(identity.certificateChain): \(text)")
      }
    }
    try identity.privateKey.withPrivateKey { (key) throws(TLSError) in
      guard SSL_CTX_use_PrivateKey(raw, key) == 1, SSL_CTX_check_private_key(raw) == 1 else {
        let text = ErrorQueue.drainToText()
        throw .configuration(
          "the key in \(identity.privateKey) does not fit \(identity.certificateChain): \(text)")
      }
    }
  }

  /// Makes connections verify their peers.
  /// - Parameter isRequired: Whether a peer without a certificate is refused; on a client it always
  ///   is.
  func verifyPeers(_ trust: TLSTrust, isRequired: Bool) throws(TLSError) {
    try trust.load(into: raw)
    let mode = SSL_VERIFY_PEER | (isRequired ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0)
    SSL_CTX_set_verify(raw, mode) { isGood, verification in
      if isGood == 0, let verification { Context.note(verification) }
      return isGood
    }
  }

  /// Keeps the first thing a verification finds wrong, while the certificate is at hand.
  private static func note(_ verification: OpaquePointer) {
    let ssl = X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx())
    guard let ssl, let transport = Transport.of(ssl: OpaquePointer(ssl)),
      transport.pointee.verificationFailure == nil
    else { return }
    transport.pointee.verificationFailure = TLSVerificationFailure(
      verification, expectedHost: transport.pointee.host)
  }
}

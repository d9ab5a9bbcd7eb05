import COpenSSL

/// What the connections of a client share: whom it trusts, what it shows, the sessions it can
/// resume. Safe from any thread.
package final class TLSClientContext: Sendable {
  let context: Context
  let sessions: TLSSessionCache?
  let verifiesHost: Bool

  /// - Throws: `configuration`, such as for a missing file or a key that fits no certificate.
  package init(
    _ configuration: TLSClientConfiguration = TLSClientConfiguration()
  ) throws(TLSError) {
    let context = try Context(configuration.options, method: TLS_client_method())
    self.context = context
    switch configuration.verification {
    case .full(let trust):
      try context.verifyPeers(trust, isRequired: true)
      verifiesHost = true
    case .chainOnly(let trust):
      try context.verifyPeers(trust, isRequired: true)
      verifiesHost = false
    case .none:
      verifiesHost = false
    }
    if let identity = configuration.identity { try context.use(identity) }
    if configuration.sessionHostsMax > 0 {
      sessions = TLSSessionCache(hostsMax: configuration.sessionHostsMax)
      Self.keepSessions(context)
    } else {
      sessions = nil
      copenssl_CTX_set_session_cache_mode(context.raw, Int(SSL_SESS_CACHE_OFF))
    }
    try offerApplicationProtocols()
  }

  private func offerApplicationProtocols() throws(TLSError) {
    let protocols = context.applicationProtocols
    guard !protocols.isEmpty else { return }
    // Unlike its siblings, this function returns 0 for success.
    guard SSL_CTX_set_alpn_protos(context.raw, protocols, UInt32(protocols.count)) == 0 else {
      throw .configuration("bad application protocols: \(ErrorQueue.drainToText())")
    }
  }

  /// Hands each session that a server issues to the cache; OpenSSL's own does not know hosts.
  private static func keepSessions(_ context: Context) {
    copenssl_CTX_set_session_cache_mode(
      context.raw, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
    SSL_CTX_sess_set_new_cb(context.raw) { ssl, session in
      guard let session, let sink = Transport.of(ssl: ssl)?.pointee.sessions else { return 0 }
      sink.cache.store(TLSSessionCache.Session(owning: session), for: sink.key)
      // 1: the reference is ours now.
      return 1
    }
  }
}

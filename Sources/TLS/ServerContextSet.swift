import COpenSSL

/// The contexts of a server, one for each identity, as one generation of its configuration. Its
/// connections keep it alive.
final class ServerContextSet: Sendable {
  private let contexts: [Context]
  /// The context of the first identity, in which every handshake begins.
  let first: Context

  init(_ configuration: TLSServerConfiguration) throws(TLSError) {
    var contexts: [Context] = []
    for identity in configuration.identities {
      contexts.append(try Self.makeContext(configuration, identity))
    }
    guard let first = contexts.first else { throw .configuration("a server needs a certificate") }
    self.first = first
    self.contexts = contexts
    guard contexts.count > 1 else { return }
    // The set outlives each connection, and only connections run the callback.
    copenssl_CTX_set_server_name_callback(
      first.raw,
      { ssl, _, argument in
        guard let argument else { return SSL_TLSEXT_ERR_NOACK }
        return Unmanaged<ServerContextSet>.fromOpaque(argument).takeUnretainedValue().select(ssl)
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Gives a connection the first identity whose certificate covers the name that the client wants.
  private func select(_ ssl: OpaquePointer?) -> Int32 {
    guard let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else {
      return SSL_TLSEXT_ERR_NOACK
    }
    for context in contexts {
      guard let raw = SSL_CTX_get0_certificate(context.raw), Certificate(raw: raw).covers(name)
      else { continue }
      SSL_set_SSL_CTX(ssl, context.raw)
      return SSL_TLSEXT_ERR_OK
    }
    return SSL_TLSEXT_ERR_NOACK
  }

  private static func makeContext(
    _ configuration: TLSServerConfiguration, _ identity: TLSIdentity
  ) throws(TLSError) -> Context {
    let context = try Context(configuration.options, method: TLS_server_method())
    try context.use(identity)
    switch configuration.clientAuthentication {
    case .none: break
    case .optional(let trust):
      try context.verifyPeers(trust, isRequired: false)
      try trust.announce(in: context.raw)
    case .required(let trust):
      try context.verifyPeers(trust, isRequired: true)
      try trust.announce(in: context.raw)
    }
    try setTickets(configuration, context.raw)
    if !context.applicationProtocols.isEmpty { chooseApplicationProtocol(context) }
    return context
  }

  private static func setTickets(
    _ configuration: TLSServerConfiguration, _ raw: OpaquePointer
  ) throws(TLSError) {
    let seconds = configuration.ticketLifetime.components.seconds
    guard (0...16).contains(configuration.ticketsPerHandshake), (1...604_800).contains(seconds)
    else { throw .configuration("tickets: 0 to 16 of them, for 1 s to 7 days") }
    // The state of a session is in the client's ticket, so it costs the server no memory.
    copenssl_CTX_set_session_cache_mode(raw, Int(SSL_SESS_CACHE_OFF))
    SSL_CTX_set_timeout(raw, Int(seconds))
    SSL_CTX_set_num_tickets(raw, configuration.ticketsPerHandshake)
    if configuration.ticketsPerHandshake == 0 { SSL_CTX_set_options(raw, copenssl_OP_NO_TICKET) }
    // Sessions with client certificates resume only in a context that says which one it is.
    let name = Array("ostack".utf8)
    SSL_CTX_set_session_id_context(raw, name, UInt32(name.count))
  }

  /// Answers ALPN with the server's own order of preference (RFC 7301 §3.2).
  private static func chooseApplicationProtocol(_ context: Context) {
    // The context outlives each connection, and only connections run the callback.
    SSL_CTX_set_alpn_select_cb(
      context.raw,
      { _, chosen, chosenCount, offered, offeredCount, argument in
        guard let argument, let offered else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        let list = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
        let own = Unmanaged<Context>.fromOpaque(argument).takeUnretainedValue()
          .applicationProtocols
        guard let match = ServerContextSet.select(from: list, preferring: own) else {
          return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        chosen?.pointee = offered + match.lowerBound
        chosenCount?.pointee = UInt8(match.count)
        return SSL_TLSEXT_ERR_OK
      }, Unmanaged.passUnretained(context).toOpaque())
  }

  /// Where in `offered` the first protocol of `own` stands that is in both; both in wire form.
  private static func select(
    from offered: UnsafeBufferPointer<UInt8>, preferring own: [UInt8]
  ) -> Range<Int>? {
    var ownStart = 0
    while ownStart < own.count {
      let ownEnd = ownStart + 1 + Int(own[ownStart])
      var start = 0
      while start < offered.count {
        let end = min(start + 1 + Int(offered[start]), offered.count)
        if own[ownStart..<ownEnd].elementsEqual(offered[start..<end]) { return start + 1..<end }
        start = end
      }
      ownStart = ownEnd
    }
    return nil
  }
}

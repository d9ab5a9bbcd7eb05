package import Bytes
import COpenSSL
package import Sockets

/// One end of a TLS connection (RFC 8446, RFC 5246) without I/O: bytes of the peer are put into
/// `inbound`, bytes for the peer are taken from `outbound`, and everything between never waits.
///
/// After any call there may be bytes in `outbound`, also after one that threw: the alert that tells
/// the peer why. A failure is final. Used by one thread at a time.
package struct TLSEngine: ~Copyable {
  let ssl: OpaquePointer
  let transport: Transport.Pointer
  /// Keeps what OpenSSL's callbacks use.
  private let owner: AnyObject
  private var failure: TLSError?
  private var isClosed = false

  package private(set) var isHandshakeComplete = false

  /// How many bytes `write` leaves in `outbound` at most, but for one record.
  package static let outboundBytesMax = 64 << 10

  /// The server's end of a new connection, with the context's newest configuration.
  /// - Throws: `configuration` when OpenSSL has no memory.
  package init(server context: TLSServerContext) throws(TLSError) {
    let contexts = context.current
    (ssl, transport) = try Self.make(contexts.first, Transport(host: "", sessions: nil))
    owner = contexts
    SSL_set_accept_state(ssl)
  }

  /// The client's end of a new connection.
  /// - Parameters:
  ///   - host: A DNS name or a numeric address: whom the certificate must be for, and, if a name,
  ///     what the server is asked for.
  ///   - port: Tells apart the sessions of several servers of one host.
  /// - Throws: `configuration` when `host` cannot be one.
  package init(
    client context: TLSClientContext, host: String, port: UInt16
  ) throws(TLSError) {
    let isNumeric = SocketAddress(numeric: host, port: port) != nil
    let name = try Self.normalized(host, isNumeric: isNumeric)
    let key = TLSSessionCache.Key(host: name, port: port)
    let sink = context.sessions.map { Transport.SessionSink(cache: $0, key: key) }
    let (ssl, transport) = try Self.make(
      context.context, Transport(host: name, sessions: sink))
    // Without its name on record any certificate of the authorities would do.
    guard isNumeric || copenssl_set_server_name(ssl, name) == 1,
      !context.verifiesHost || Self.expect(name, isNumeric: isNumeric, ssl)
    else {
      Self.release(ssl, transport)
      throw .configuration("\"\(host)\" cannot be verified: \(ErrorQueue.drainToText())")
    }
    (self.ssl, self.transport) = (ssl, transport)
    owner = context
    SSL_set_connect_state(ssl)
    if let session = context.sessions?.take(for: key) { SSL_set_session(ssl, session.raw) }
  }

  deinit {
    // OpenSSL spoils the session of a connection that did not end with close_notify. That a session
    // ends without one says nothing about its keys.
    if failure == nil { SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
    Self.release(ssl, transport)
  }

  // MARK: The peer's side

  /// Bytes of the peer that OpenSSL did not take yet: append what arrives.
  package var inbound: ByteQueue {
    _read { yield transport.pointee.inbound }
    _modify { yield &transport.pointee.inbound }
  }

  /// Bytes for the peer: consume what was sent.
  package var outbound: ByteQueue {
    _read { yield transport.pointee.outbound }
    _modify { yield &transport.pointee.outbound }
  }

  /// States that the peer sends no more than what is in `inbound`.
  package mutating func endInbound() { transport.pointee.isInboundEnded = true }

  // MARK: This side

  /// Goes on with the handshake, as far as the peer's bytes reach.
  /// - Returns: Whether it is complete; if not, more bytes of the peer are needed.
  /// - Throws: Any ``TLSError``.
  package mutating func handshake() throws(TLSError) -> Bool {
    if let failure { throw failure }
    if isHandshakeComplete { return true }
    ErrorQueue.clear()
    let result = SSL_do_handshake(ssl)
    if result != 1 {
      guard try judge(result) == .wouldBlock else { throw fail(.truncated) }
      return false
    }
    isHandshakeComplete = true
    return true
  }

  /// Decrypts at most one record, and appends at most `byteCountMax` bytes of it.
  /// - Returns: `wouldBlock` when more bytes of the peer are needed; `endOfStream` when the peer
  ///   ended its half by close_notify.
  /// - Throws: `truncated` when the peer's bytes ended otherwise; `notOpen` before the end of the
  ///   handshake; any other ``TLSError``.
  package mutating func read(
    into queue: inout ByteQueue, atMost byteCountMax: Int
  ) throws(TLSError) -> ReceiveOutcome {
    if let failure { throw failure }
    guard isHandshakeComplete else { throw .notOpen }
    ErrorQueue.clear()
    var count = 0
    var result: Int32 = 0
    queue.write(atLeast: byteCountMax) { [ssl] memory in
      result = SSL_read_ex(ssl, memory.baseAddress, byteCountMax, &count)
      return count
    }
    if result == 1 { return .received(count) }
    return try judge(result)
  }

  /// Encrypts from the front of `queue`, and consumes it, until `queue` is empty or `outbound`
  /// full.
  /// - Throws: `notOpen` before the end of the handshake and after `closeWrite`.
  package mutating func write(_ queue: inout ByteQueue) throws(TLSError) {
    if let failure { throw failure }
    guard isHandshakeComplete, !isClosed else { throw .notOpen }
    ErrorQueue.clear()
    while !queue.isEmpty, transport.pointee.outbound.count < Self.outboundBytesMax {
      var count = 0
      let result = queue.withUnsafeBytes { [ssl] bytes in
        SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &count)
      }
      guard result == 1 else {
        _ = try judge(result)
        // OpenSSL wants the peer's bytes first only inside a handshake, and there is none.
        throw fail(.protocolViolation("a handshake inside the connection"))
      }
      queue.consume(count)
    }
  }

  /// Ends this side's half: close_notify is in `outbound`. The peer's half goes on.
  package mutating func closeWrite() {
    guard isHandshakeComplete, !isClosed, failure == nil else { return }
    isClosed = true
    ErrorQueue.clear()
    if SSL_shutdown(ssl) < 0 { _ = ErrorQueue.drain(verification: nil) }
  }

  /// Gives memory back that an idle connection does not need.
  /// - Parameter byteCount: What is kept in each direction.
  package mutating func shrink(to byteCount: Int) {
    transport.pointee.inbound.shrink(to: byteCount)
    transport.pointee.outbound.shrink(to: byteCount)
  }

  // MARK: Outcomes

  private mutating func judge(_ result: Int32) throws(TLSError) -> ReceiveOutcome {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ: return .wouldBlock
    case SSL_ERROR_ZERO_RETURN: return .endOfStream
    default:
      throw fail(ErrorQueue.drain(verification: transport.pointee.verificationFailure))
    }
  }

  private mutating func fail(_ error: TLSError) -> TLSError {
    failure = error
    return error
  }

  // MARK: Construction

  private static func make(
    _ context: Context, _ state: consuming Transport
  ) throws(TLSError) -> (OpaquePointer, Transport.Pointer) {
    guard let ssl = SSL_new(context.raw) else {
      throw .configuration("no connection: \(ErrorQueue.drainToText())")
    }
    let transport = Transport.Pointer.allocate(capacity: 1)
    transport.initialize(to: state)
    guard let bio = TransportBIO.make(transport),
      SSL_set_ex_data(ssl, Transport.exDataIndex, transport) == 1
    else {
      release(ssl, transport)
      throw .configuration("no connection: \(ErrorQueue.drainToText())")
    }
    // Takes over the one reference for both directions.
    SSL_set_bio(ssl, bio, bio)
    return (ssl, transport)
  }

  private static func release(_ ssl: OpaquePointer, _ transport: Transport.Pointer) {
    SSL_free(ssl)
    transport.deinitialize(count: 1)
    transport.deallocate()
  }

  /// The host as certificates and SNI write it: without the root's dot or an address's brackets.
  private static func normalized(
    _ host: String, isNumeric: Bool
  ) throws(TLSError) -> String {
    if isNumeric, host.hasPrefix("[") { return String(host.dropFirst().dropLast()) }
    let name = host.hasSuffix(".") ? String(host.dropLast()) : host
    // RFC 1035 §2.3.4; an international name comes here as its A-labels.
    guard (1...253).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .configuration("\"\(host)\" is not a host") }
    return name.lowercased()
  }

  /// Has the certificate's names compared with `name`.
  /// - Returns: Whether OpenSSL took the name.
  private static func expect(_ name: String, isNumeric: Bool, _ ssl: OpaquePointer) -> Bool {
    if isNumeric { return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1 }
    SSL_set_hostflags(ssl, Certificate.hostRules)
    return SSL_set1_host(ssl, name) == 1
  }
}

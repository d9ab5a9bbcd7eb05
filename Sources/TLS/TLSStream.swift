package import Bytes
package import Sockets

/// A stream secured by TLS over any other stream, usually a `TCPStream`.
///
/// Begins with `handshake`. Errors of TLS come as `StreamError.security` with a `TLSError`. It is
/// used as the stream below: on that one's loop only, by one task at a time in each direction.
package final class TLSStream: ByteStream {
  /// The stream below.
  package let base: any ByteStream
  /// The stream below, if it can tell more than others.
  private let socket: TCPStream?
  private var engine: TLSEngine
  /// How much the next try to receive asks for: little while the connection is quiet, so that it
  /// costs little memory, more while much arrives.
  private var receiveBytes = idleBytes
  private var isEndPending = false

  /// What an idle connection keeps in each direction. One small request or response fits.
  private static let idleBytes = 2 << 10
  private static let receiveBytesMax = 32 << 10

  /// The server's end of a connection.
  package init(server context: TLSServerContext, over base: any ByteStream) throws(TLSError) {
    self.base = base
    socket = base as? TCPStream
    engine = try TLSEngine(server: context)
  }

  /// The client's end of a connection; see ``TLSEngine`` for `host` and `port`.
  package init(
    client context: TLSClientContext, host: String, port: UInt16, over base: any ByteStream
  ) throws(TLSError) {
    self.base = base
    socket = base as? TCPStream
    engine = try TLSEngine(client: context, host: host, port: port)
  }

  /// What the handshake came to; nil before its end.
  package var info: TLSConnectionInfo? { engine.info }

  /// Makes the handshake. Before its end nothing can be sent or received.
  /// - Throws: `security` with a `TLSError`, or what the stream below throws, such as `timedOut`.
  package func handshake(deadline: MonotonicInstant) async throws(StreamError) {
    while true {
      let isComplete = try secured { (engine) throws(TLSError) in try engine.handshake() }
      while try !base.send(&engine.outbound) {
        try await base.waitUntilWritable(deadline: deadline)
      }
      if isComplete { return }
      if try !fill() { try await base.waitUntilReadable(deadline: deadline) }
    }
  }

  package func receive(
    into queue: inout ByteQueue, atMost byteCountMax: Int
  ) throws(StreamError) -> ReceiveOutcome {
    while true {
      let outcome: ReceiveOutcome
      do throws(TLSError) {
        outcome = try engine.read(into: &queue, atMost: byteCountMax)
      } catch {
        throw abandon(error)
      }
      if !engine.outbound.isEmpty { try flushOwnMessages() }
      guard outcome == .wouldBlock else { return outcome }
      guard try fill() else {
        settle()
        return .wouldBlock
      }
    }
  }

  /// Encrypts and sends.
  /// - Returns: Whether `queue` is empty and all of it left. If not, wait and call again, even with
  ///   an empty queue: what is encrypted already is kept here.
  package func send(_ queue: inout ByteQueue) throws(StreamError) -> Bool {
    while true {
      if !engine.outbound.isEmpty, try !base.send(&engine.outbound) { return false }
      if queue.isEmpty { return true }
      do throws(TLSError) {
        try engine.write(&queue)
      } catch {
        throw abandon(error)
      }
    }
  }

  package func waitUntilReadable(deadline: MonotonicInstant) async throws(StreamError) {
    // What is here already makes no event below.
    if !engine.inbound.isEmpty { return }
    // Nobody else writes behind the end: what is left of it would wait as long as this.
    while isEndPending {
      try await base.waitUntilWritable(deadline: deadline)
      finishEnd()
    }
    try await base.waitUntilReadable(deadline: deadline)
  }

  package func resume(
    _ reader: UnsafeContinuation<StreamWake, Never>, whenReadableBy deadline: MonotonicInstant
  ) {
    // What is here already makes no event below.
    if !engine.inbound.isEmpty { return reader.resume(returning: .ready) }
    base.resume(reader, whenReadableBy: deadline)
  }

  package func waitUntilWritable(deadline: MonotonicInstant) async throws(StreamError) {
    try await base.waitUntilWritable(deadline: deadline)
  }

  package var isBroken: Bool { base.isBroken }

  package func interruptRead() { base.interruptRead() }

  /// Sends close_notify behind what was sent, then ends this side's half of the stream below.
  package func closeWrite() {
    engine.closeWrite()
    isEndPending = true
    finishEnd()
  }

  /// Closes at once, and tells the peer nothing: without `closeWrite` before, it sees a truncated
  /// stream.
  package func close() { base.close() }

  package func reset() { base.reset() }

  /// Whether no data has arrived and the peer is still there: what an idle connection must be to be
  /// used again. Takes in what TLS itself has to say, such as new tickets.
  package var isIdleAndOpen: Bool {
    var unwanted = ByteQueue(capacity: 16)
    guard let outcome = try? receive(into: &unwanted, atMost: 1), outcome == .wouldBlock else {
      return false
    }
    return socket?.isIdleAndOpen ?? true
  }

  // MARK: Below

  /// Moves what arrived to the engine.
  /// - Returns: Whether the engine should be asked again.
  private func fill() throws(StreamError) -> Bool {
    switch try base.receive(into: &engine.inbound, atMost: receiveBytes) {
    case .received(let count):
      if count == receiveBytes { receiveBytes = min(receiveBytes * 4, Self.receiveBytesMax) }
      return true
    case .wouldBlock:
      return false
    case .endOfStream:
      engine.endInbound()
      return true
    }
  }

  /// Sends what TLS itself has to say, such as an answer to a key update. What does not leave now
  /// goes before the next data.
  private func flushOwnMessages() throws(StreamError) {
    if isEndPending { return finishEnd() }
    guard try !base.send(&engine.outbound) else { return }
    // Data waits here too, but never more than this beyond one record.
    if engine.outbound.count > TLSEngine.outboundBytesMax + Self.receiveBytesMax {
      throw .security(TLSError.protocolViolation("messages that want answers, and take none"))
    }
  }

  private func finishEnd() {
    // The peer may be gone, and then there is nobody to tell.
    let isSent = try? base.send(&engine.outbound)
    guard isSent != false else { return }
    isEndPending = false
    base.closeWrite()
  }

  private func settle() {
    receiveBytes = Self.idleBytes
    engine.shrink(to: Self.idleBytes)
  }

  private func secured<R>(
    _ body: (inout TLSEngine) throws(TLSError) -> R
  ) throws(StreamError) -> R {
    do throws(TLSError) {
      return try body(&engine)
    } catch {
      throw abandon(error)
    }
  }

  /// Tells the peer why, as far as that is possible without waiting.
  private func abandon(_ error: TLSError) -> StreamError {
    _ = try? base.send(&engine.outbound)
    return .security(error)
  }
}

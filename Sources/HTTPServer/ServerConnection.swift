import Bytes
import HTTP1
import HTTPTypes
import Sockets
import TLS

/// Serves one connection, request after request, in one task on its loop.
final class ServerConnection {
  let stream: any ByteStream
  /// The stream, when it is secured.
  let security: TLSStream?
  let loop: ServerLoop
  private let peerAddress: SocketAddress?
  /// What serves it.
  var task: Task<Void, Never>?
  // Exclusivity of these three is not checked at run time, which would cost a tenth of a request:
  // only the loop touches them, and nothing that is called during an access knows this connection.
  @exclusivity(unchecked) private var decoder: RequestDecoder
  @exclusivity(unchecked) var input: ByteQueue
  @exclusivity(unchecked) var output: ByteQueue
  private(set) var requestCount = 0
  /// Whether the present request's content was read to its end.
  private var isBodyComplete = false
  /// Whether `100 (Continue)` is still owed to the client before its content is read.
  private var owesContinue = false
  /// Whether the present request is HEAD, whose answer has no content.
  var isHeadRequest = false
  /// Whether the response's head has gone to `output`, so that no other answer can follow.
  var hasAnswered = false
  /// Whether the content that is being sent ends with the connection, and is not all sent.
  var isEndedByClosing = false
  /// Whether the loop will send what is in `output`.
  var isSendingSoon = false
  /// When the present request's handler must have answered.
  var handlerDeadline = MonotonicInstant.distantFuture
  /// Whether a handler has taken too long, and was answered for.
  var isOverdue = false
  var bodyPace = TransferPace()
  /// How much the next try to receive asks for: little while little comes, since an idle
  /// connection keeps the memory.
  private var receiveBytes: Int
  /// How often in a row the peer was ready.
  var busyCount = 0

  init(stream: any ByteStream, peerAddress: SocketAddress?, loop: ServerLoop) {
    self.stream = stream
    security = stream as? TLSStream
    self.peerAddress = peerAddress
    self.loop = loop
    receiveBytes = min(Self.idleBufferBytes, loop.configuration.receiveBytesMax)
    decoder = RequestDecoder(limits: loop.configuration.limits)
    input = ByteQueue(capacity: Self.idleBufferBytes)
    output = ByteQueue(capacity: Self.idleBufferBytes / 2)
  }

  /// The loop's, since a copy in each connection would be a good part of its memory.
  @inline(__always)
  var configuration: HTTPServerConfiguration { loop.configuration }

  /// Makes a connection that is between requests look at the server's state again.
  func reconsider() { stream.interruptRead() }

  /// Ends the connection at once, and tells its handler.
  func abort() {
    task?.cancel()
    // Where the connection's end is the content's, only a reset tells that this is not it.
    if isEndedByClosing { stream.reset() } else { stream.close() }
  }

  /// Serves until the peer or the server ends the connection.
  func run() async {
    do throws(HTTPServerError) {
      try await shakeHands()
      while let head = try await nextHead() {
        guard try await serve(head) else { break }
      }
      try await flush()
      await linger()
    } catch {
      // The task is cancelled and can wait for nothing; the loop ends the connection in another.
      if isOverdue { return }
      await refuse(error)
    }
    stream.close()
  }

  private func shakeHands() async throws(HTTPServerError) {
    guard let security else { return }
    do throws(StreamError) {
      try await security.handshake(deadline: loop.eventLoop.now + configuration.handshakeTimeout)
    } catch {
      throw .handshakeFailed(error)
    }
  }

  // MARK: Reading

  /// The next request's head; nil when the connection is to end between two requests.
  private func nextHead() async throws(HTTPServerError) -> RequestHead? {
    let start = loop.eventLoop.now
    hasAnswered = false
    isHeadRequest = false
    var headDeadline: MonotonicInstant?
    while true {
      switch try decode() {
      case .head(let head):
        // Whoever sends many requests at once and goes would have each of them carried out.
        if requestCount > 0, stream.isBroken { throw .disconnected(.closed) }
        return head
      case .body, .end: preconditionFailure("the decoder left a message before its head")
      case .needMoreBytes: break
      }
      if decoder.hasPartialHead, headDeadline == nil {
        headDeadline = loop.eventLoop.now + configuration.headTimeout
      }
      if try !sendAtOnce() { try await flush() }
      // Not in a function of its own: every request waits here, and each `await` costs a frame.
      var isReceived = false
      while !isReceived {
        do throws(StreamError) {
          switch try stream.receive(into: &input, atMost: receiveBytes) {
          case .received(let count):
            isReceived = true
            expectMore(than: count)
          case .endOfStream: return nil
          case .wouldBlock:
            busyCount = 0
            shrinkBuffers()
            let deadline = headDeadline ?? idleDeadline(since: start)
            let wake = await withUnsafeContinuation {
              stream.resume($0, whenReadableBy: deadline)
            }
            try wake.check()
          }
        } catch {
          // Between requests nobody waits for an answer, however the connection ends.
          guard headDeadline != nil else { return nil }
          throw Self.failure(error)
        }
      }
      // As `takeTurns`, for the same reason not called.
      busyCount += 1
      if busyCount >= Self.busyCountMax {
        busyCount = 0
        await Task.yield()
      }
    }
  }

  /// What a large message took is not kept for as long as the connection is idle.
  private func shrinkBuffers() {
    receiveBytes = min(Self.idleBufferBytes, configuration.receiveBytesMax)
    if input.capacity > 2 * Self.idleBufferBytes { input.shrink(to: Self.idleBufferBytes) }
    if output.capacity > 2 * Self.idleBufferBytes { output.shrink(to: Self.idleBufferBytes / 2) }
  }

  /// Where one try was filled, the next asks for more.
  private func expectMore(than count: Int) {
    if count == receiveBytes { receiveBytes = min(receiveBytes * 4, configuration.receiveBytesMax) }
  }

  /// Bytes that are kept to receive into while a connection waits for a request; half as many are
  /// kept to send from.
  static let idleBufferBytes = 1024

  private func idleDeadline(since start: MonotonicInstant) -> MonotonicInstant {
    guard let drainingSince = loop.drainingSince else {
      // Who has asked for nothing yet has no reason to keep the connection.
      if requestCount == 0 { return start + configuration.headTimeout }
      return start.advanced(nanoseconds: loop.keepAliveNanoseconds)
    }
    return max(drainingSince, start) + configuration.drainIdleGrace
  }

  static func failure(_ error: StreamError) -> HTTPServerError {
    if case .timedOut = error { .requestTimedOut } else { .disconnected(error) }
  }

  private func decode() throws(HTTPServerError) -> RequestDecoder.Event {
    do throws(HTTPProtocolError) {
      return try decoder.next(&input)
    } catch {
      throw .protocolViolation(error)
    }
  }

  /// Whether the content of a request, counted from 1, was read to its end.
  func isBodyComplete(of request: Int) -> Bool { request < requestCount || isBodyComplete }

  /// The next piece of a request's content; nil at its end, and when another request is under way.
  func readBody(of request: Int) async throws(HTTPServerError) -> [UInt8]? {
    while !isBodyComplete(of: request) {
      switch try decode() {
      case .body(let count):
        let piece = input.array(0..<count)
        input.consume(count)
        return piece
      case .end: isBodyComplete = true
      case .head: preconditionFailure("the decoder skipped the end of a message")
      case .needMoreBytes:
        if owesContinue {
          owesContinue = false
          MessageEncoder.appendContinue(to: &output)
        }
        try await flush()
        guard try await receiveBody() else { throw .disconnected(.closed) }
        await takeTurns()
      }
    }
    return nil
  }

  // MARK: Answering

  /// Answers one request.
  /// - Returns: Whether another may follow on this connection.
  private func serve(_ head: RequestHead) async throws(HTTPServerError) -> Bool {
    requestCount += 1
    isHeadRequest = head.isHead
    owesContinue = head.expectsContinue
    isBodyComplete = false
    if !head.hasContent {
      guard case .end = try decode() else { preconditionFailure("content that nothing frames") }
      isBodyComplete = true
    } else {
      bodyPace = TransferPace()
    }
    // Answers before this one must not wait for its handler.
    if !output.isEmpty { sendSoon() }
    let match = loop.router.match(head)
    var handler = if case .handler(let handler, _) = match { handler } else { loop.unrouted }
    var request = ServerRequest(
      head: head, body: RequestBody(connection: self, request: requestCount),
      peerAddress: peerAddress, scheme: security == nil ? "http" : "https", match: match,
      receivedAt: loop.eventLoop.now)
    if head.hasContent, let refusal = loop.coding?.admit(&request) {
      handler = loop.answering(refusal)
    }
    handlerDeadline = request.receivedAt.advanced(nanoseconds: loop.handlerNanoseconds)
    if !loop.isWatchingHandlers { loop.watchHandlers(from: handlerDeadline) }
    var response: ServerResponse
    do {
      response = try await handler(request)
    } catch let error as HTTPServerError {
      handlerDeadline = .distantFuture
      throw error
    } catch {
      // Whatever a handler lets through is its defect: the client learns no more than that.
      response = .internalServerError
    }
    handlerDeadline = .distantFuture
    if isOverdue {
      response.abandon()
      throw .handlerTimedOut
    }
    if let coding = loop.coding { response = coding.compressed(response, for: head) }
    // Content that nobody read: a short rest is skipped, a long one or one that was not even sent
    // (no 100 yet) costs the connection.
    let isReusable = head.keepAlive && requestCount < configuration.requestsPerConnectionMax
      && !loop.isDraining
    let canSkip = isBodyComplete || !owesContinue && decoder.announcedRest <= Self.skippedBytesMax
    var keepAlive = isReusable && canSkip
    switch response.body {
    case .empty:
      try appendHead(response, framing: .length(0), head, keepAlive)
    case .bytes(let bytes):
      try appendHead(response, framing: .length(bytes.count), head, keepAlive)
      if hasContent(response.status) { output.append(bytes) }
    case .stream(let streamed):
      let isDelimited = try await send(streamed, of: response, to: head, keepAlive)
      keepAlive = keepAlive && isDelimited
    }
    guard keepAlive else { return false }
    if !isBodyComplete, try await !skipBody() { return false }
    if output.count >= configuration.sendBufferBytesMax { try await flush() }
    return true
  }
}

import Bytes
import HTTP1
import HTTPTypes
import Sockets
import TLS

/// Serves one connection, request after request, in one task on its loop.
final class ServerConnection {
  private enum BodyEvent { case piece([UInt8]), end }

  let stream: any ByteStream
  /// The stream, when it is secured.
  private let security: TLSStream?
  let loop: ServerLoop
  private let peerAddress: SocketAddress?
  let configuration: HTTPServerConfiguration
  private var decoder: RequestDecoder
  var input: ByteQueue
  var output: ByteQueue
  private var requestCount = 0
  /// Whether `100 (Continue)` is still owed to the client before its content is read.
  private var owesContinue = false
  /// Whether the response's head has gone to `output`, so that no other answer can follow.
  var hasAnswered = false
  /// Since when the connection has been without a request, while it is.
  var idleSince: MonotonicInstant?

  init(stream: any ByteStream, peerAddress: SocketAddress?, loop: ServerLoop) {
    self.stream = stream
    security = stream as? TLSStream
    self.peerAddress = peerAddress
    self.loop = loop
    configuration = loop.configuration
    decoder = RequestDecoder(limits: configuration.limits)
    input = ByteQueue(capacity: 1024)
    output = ByteQueue(capacity: 1024)
  }

  /// Makes a connection that is between requests look at the server's state again.
  func reconsider() { stream.interruptRead() }

  /// Ends the connection at once.
  func abort() { stream.close() }

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
    idleSince = loop.eventLoop.now
    defer { idleSince = nil }
    var headDeadline: MonotonicInstant?
    while true {
      switch try decode() {
      case .head(let head): return head
      case .body, .end: preconditionFailure("the decoder left a message before its head")
      case .needMoreBytes: break
      }
      if decoder.hasPartialHead, headDeadline == nil {
        headDeadline = loop.eventLoop.now + configuration.headTimeout
      }
      try await flush()
      if let headDeadline {
        guard try await receive(deadline: headDeadline) else { return nil }
      } else {
        guard try await receiveWhileIdle() else { return nil }
      }
    }
  }

  /// Receives a request's first bytes.
  /// - Returns: false when the peer is done, or nothing came in time.
  private func receiveWhileIdle() async throws(HTTPServerError) -> Bool {
    let idleSince = idleSince ?? loop.eventLoop.now
    while true {
      let deadline = loop.drainingSince.map { max($0, idleSince) + configuration.drainIdleGrace }
        ?? idleSince + configuration.keepAliveTimeout
      do throws(StreamError) {
        switch try stream.receive(into: &input, atMost: configuration.receiveBytesMax) {
        case .received: return true
        case .endOfStream: return false
        case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
        }
      } catch {
        // Between requests nobody waits for an answer, however the connection ends.
        return false
      }
    }
  }

  /// Receives more of a request that has begun.
  /// - Returns: false when the peer ended its half.
  private func receive(deadline: MonotonicInstant) async throws(HTTPServerError) -> Bool {
    while true {
      do throws(StreamError) {
        switch try stream.receive(into: &input, atMost: configuration.receiveBytesMax) {
        case .received: return true
        case .endOfStream: return false
        case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
        }
      } catch .timedOut {
        throw .requestTimedOut
      } catch {
        throw .disconnected(error)
      }
    }
  }

  private func decode() throws(HTTPServerError) -> RequestDecoder.Event {
    do throws(HTTPProtocolError) {
      return try decoder.next(&input)
    } catch {
      throw .protocolViolation(error)
    }
  }

  /// The next piece of the present request's content; nil at its end.
  func readBody() async throws(HTTPServerError) -> [UInt8]? {
    while true {
      switch try decode() {
      case .body(let count):
        let piece = input.array(0..<count)
        input.consume(count)
        return piece
      case .end: return nil
      case .head: preconditionFailure("the decoder skipped the end of a message")
      case .needMoreBytes:
        if owesContinue {
          owesContinue = false
          MessageEncoder.appendContinue(to: &output)
        }
        try await flush()
        let deadline = loop.eventLoop.now + configuration.bodyTimeout
        guard try await receive(deadline: deadline) else {
          throw .disconnected(.closed)
        }
      }
    }
  }

  // MARK: Answering

  /// Answers one request.
  /// - Returns: Whether another may follow on this connection.
  private func serve(_ head: RequestHead) async throws(HTTPServerError) -> Bool {
    requestCount += 1
    hasAnswered = false
    owesContinue = head.expectsContinue
    let body = RequestBody(connection: self, isComplete: false)
    if head.framing == .none { try await finishMessage(body) }
    let request = ServerRequest(
      head: head, body: body, peerAddress: peerAddress, scheme: security == nil ? "http" : "https",
      match: loop.router.match(head), receivedAt: loop.eventLoop.now)
    let response: ServerResponse
    do {
      response = try await loop.handler(request)
    } catch let error as HTTPServerError {
      throw error
    } catch {
      // Whatever a handler lets through is its defect: the client learns no more than that.
      response = .internalServerError
    }
    // Content that nobody read: a short rest is skipped, a long one or one that was not even sent
    // (no 100 yet) costs the connection.
    let isReusable = head.keepAlive && requestCount < configuration.requestsPerConnectionMax
      && !loop.isDraining
    let canSkip = body.isComplete || (!owesContinue && head.framing != .none)
    try await send(response, to: head, keepAlive: isReusable && canSkip)
    guard isReusable && canSkip else { return false }
    if !body.isComplete { try await finishMessage(body) }
    if output.count >= configuration.sendBufferBytesMax { try await flush() }
    return true
  }

  /// Reads the rest of the present message, and forgets it.
  private func finishMessage(_ body: RequestBody) async throws(HTTPServerError) {
    while try await body.next() != nil {}
  }

  private func send(
    _ response: ServerResponse, to head: RequestHead, keepAlive: Bool
  ) async throws(HTTPServerError) {
    let isHead = head.method == .head
    switch response.body {
    case .empty:
      try appendHead(response, framing: .length(0), head, keepAlive)
    case .bytes(let bytes):
      try appendHead(response, framing: .length(bytes.count), head, keepAlive)
      if !isHead { output.append(bytes) }
    case .stream(let streamed):
      let isChunked = head.version >= .http11
      do throws(HTTPServerError) {
        try appendHead(
          response, framing: isChunked ? .chunked : .untilClose, head, keepAlive && isChunked)
      } catch {
        streamed.abandon()
        throw error
      }
      if isHead { streamed.abandon() } else { try await produce(streamed, isChunked) }
    }
  }

  private func produce(
    _ streamed: StreamedBody, _ isChunked: Bool
  ) async throws(HTTPServerError) {
    do {
      try await streamed.produce(BodyWriter(connection: self, isChunked: isChunked))
    } catch let error as HTTPServerError {
      throw error
    } catch {
      // The head is out: cutting the connection is the one way left to say that this failed.
      throw .disconnected(.closed)
    }
    if isChunked { MessageEncoder.appendLastChunk(to: &output) }
  }

  /// Appends a piece of a streamed response.
  func writeBody(_ bytes: [UInt8], isChunked: Bool) async throws(HTTPServerError) {
    guard !bytes.isEmpty else { return }
    if isChunked {
      MessageEncoder.appendChunk(bytes, to: &output)
    } else {
      output.append(bytes)
    }
    if output.count >= configuration.sendBufferBytesMax { try await flush() }
  }

  private func appendHead(
    _ response: ServerResponse, framing: ResponseFraming, _ head: RequestHead, _ keepAlive: Bool
  ) throws(HTTPServerError) {
    let mark = output.count
    do throws(HTTPProtocolError) {
      try loop.appendHead(
        response, framing: framing, version: head.version, keepAlive: keepAlive, to: &output)
      hasAnswered = true
    } catch {
      output.truncate(to: mark)
      throw .invalidResponse(error)
    }
  }

  func flush() async throws(HTTPServerError) {
    guard !output.isEmpty else { return }
    do throws(StreamError) {
      let timeout = configuration.writeTimeout
      while try !stream.send(&output) {
        try await stream.waitUntilWritable(deadline: loop.eventLoop.now + timeout)
      }
    } catch {
      throw .disconnected(error)
    }
  }
}

package import Bytes
package import HTTPTypes

/// Turns the bytes of a client's connection into responses, as `RequestDecoder` does for requests,
/// with the same strictness. Each response is announced by `begin`: what it looks like depends on
/// the request's method.
///
///     begin → head (interim)* → head → (body)* → end → begin → …
package struct ResponseDecoder {
  package enum Event {
    /// Nothing more can be said before more bytes are in the queue, or the stream ends (`finish`).
    case needMoreBytes
    /// A head. After an interim one (`isInterim`) another head follows, with nothing between.
    case head(ResponseHead)
    /// The first `count` bytes of the queue, at least one, are content. They are accounted for: the
    /// caller takes what it wants and consumes exactly `count` before it asks for the next event.
    case body(count: Int)
    /// The response is complete.
    case end
  }

  private enum State {
    /// No request waits for a response.
    case idle
    case statusLine
    case fields
    case length(Int)
    case chunked
    /// So many more bytes of content are allowed.
    case untilClose(Int)
    case end
    case failed(HTTPProtocolError)
  }

  /// What the request's method means for the response.
  private enum Exchange { case ordinary, head, connect }

  private let limits: HTTPLimits
  private let fieldReader: FieldSectionReader
  private let statusLineBytesMax: Int
  private var state = State.idle
  private var exchange = Exchange.ordinary
  private var statusLine = StatusLineParser.StatusLine(version: .http11, code: 0)
  private var interimCount = 0
  private var lines = LineReader()
  private var sectionStart = 0
  private var chunks: ChunkedDecoder
  private var storage = HeadStorage()

  package init(limits: HTTPLimits) {
    self.limits = limits
    fieldReader = FieldSectionReader(head: limits)
    statusLineBytesMax = min(limits.requestLineBytesMax, 1 << 30)
    chunks = ChunkedDecoder(limits: limits)
  }

  /// Says to which request the next response belongs.
  /// - Precondition: The response before it is complete.
  package mutating func begin(_ method: HTTPRequest.Method) {
    switch state {
    case .idle: state = .statusLine
    case .failed: return
    default: preconditionFailure("the response before this one is not complete")
    }
    exchange =
      switch method {
      case .head: .head
      case .connect: .connect
      default: .ordinary
      }
    interimCount = 0
  }

  /// Whether anything of the present response has arrived; false when it is complete.
  package var hasBegun: Bool {
    switch state {
    case .idle: false
    case .statusLine, .failed(.truncatedHead): lines.searched > 0 || interimCount > 0
    case .fields, .length, .chunked, .untilClose, .end, .failed: true
    }
  }

  /// The trailer fields of the response that ended last; nil when it had none.
  package var trailers: HeadFields? { chunks.trailers }

  /// Says what comes next in `buffer`; see `RequestDecoder.next`.
  /// - Throws: `HTTPProtocolError`, and from then on always the same one.
  package mutating func next(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    do throws(HTTPProtocolError) {
      return try decode(&buffer)
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func decode(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    switch state {
    case .idle:
      guard buffer.isEmpty else { throw .unsolicitedResponse }
      return .needMoreBytes
    case .statusLine, .fields:
      guard try readHead(&buffer) else { return .needMoreBytes }
      return .head(try finishHead())
    case .length(let remaining):
      guard !buffer.isEmpty else { return .needMoreBytes }
      let count = min(remaining, buffer.count)
      state = count == remaining ? .end : .length(remaining - count)
      return .body(count: count)
    case .chunked:
      switch try chunks.next(&buffer) {
      case .needMoreBytes: return .needMoreBytes
      case .body(let count): return .body(count: count)
      case .end: return end()
      }
    case .untilClose(let allowance):
      guard !buffer.isEmpty else { return .needMoreBytes }
      guard allowance > 0 else { throw .contentTooLarge }
      let count = min(allowance, buffer.count)
      state = .untilClose(allowance - count)
      return .body(count: count)
    case .end: return end()
    case .failed(let error): throw error
    }
  }

  /// Takes note that the peer has ended the connection, after `next` has asked for more bytes.
  /// - Returns: `.end` when that is the end of the response; `.needMoreBytes` when none was due.
  /// - Throws: `truncatedHead` or `truncatedBody` when something is missing; the error that `next`
  ///   threw, when it did.
  package mutating func finish() throws(HTTPProtocolError) -> Event {
    switch state {
    case .idle: return .needMoreBytes
    case .untilClose, .end: return end()
    case .statusLine, .fields: state = .failed(.truncatedHead)
    case .length, .chunked: state = .failed(.truncatedBody)
    case .failed: break
    }
    if case .failed(let error) = state { throw error }
    return .needMoreBytes
  }

  private mutating func end() -> Event {
    state = .idle
    return .end
  }

  // MARK: Heads

  /// Reads what is there of a head.
  /// - Returns: Whether it is complete; then it is consumed.
  private mutating func readHead(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Bool {
    let isComplete = try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Bool in
      if case .statusLine = state {
        guard
          let line = try lines.next(
            bytes, contentBytesMax: statusLineBytesMax, tooLong: .statusLineTooLong)
        else { return false }
        statusLine = try StatusLineParser.parse(bytes.extracting(line))
        HeadStorage.renew(&storage)
        sectionStart = lines.lineStart
        state = .fields
      }
      let storage = storage
      guard
        try fieldReader.read(
          bytes, &lines, sectionStart: sectionStart, into: storage,
          note: { (field) throws(HTTPProtocolError) in
            try storage.semantics.note(bytes, field, isRequest: false)
          })
      else { return false }
      storage.setBytes(bytes.extracting(first: lines.lineStart))
      return true
    }
    if isComplete {
      buffer.consume(lines.lineStart)
      lines.restart()
    }
    return isComplete
  }

  private mutating func finishHead() throws(HTTPProtocolError) -> ResponseHead {
    let framing = try framing()
    let code = statusLine.code
    switch framing {
    case _ where code == 101: throw .unexpectedUpgrade
    case _ where code < 200:
      interimCount += 1
      guard interimCount <= limits.interimResponsesMax else { throw .tooManyInterimResponses }
      state = .statusLine
    case .none: state = .end
    case .length(let count): state = .length(count)
    case .chunked: state = .chunked
    case .untilClose: state = .untilClose(limits.bodyBytesMax)
    }
    chunks = ChunkedDecoder(limits: limits)
    let semantics = storage.semantics
    let isPersistent =
      !semantics.hasClose && (statusLine.version == .http11 || semantics.hasKeepAlive)
    // What follows a successful CONNECT is not ours to read.
    let isTunnel = exchange == .connect && (200...299).contains(code)
    return ResponseHead(
      storage: storage, status: HTTPResponse.Status(code: code), version: statusLine.version,
      framing: framing, keepAlive: isPersistent && framing != .untilClose && !isTunnel)
  }

  /// RFC 9112 §6.3, without the leniencies: what a request may not say, a response may not either.
  private func framing() throws(HTTPProtocolError) -> BodyFraming {
    let semantics = storage.semantics
    let code = statusLine.code
    if semantics.isChunked {
      guard semantics.contentLength == nil, statusLine.version == .http11 else {
        throw .badTransferEncoding
      }
    }
    if exchange == .head || code < 200 || code == 204 || code == 304 { return .none }
    if exchange == .connect, code <= 299 { return .none }
    if semantics.isChunked { return .chunked }
    guard let length = semantics.contentLength else { return .untilClose }
    guard length <= limits.bodyBytesMax else { throw .contentTooLarge }
    return length == 0 ? .none : .length(length)
  }
}

package import Bytes

/// Turns the bytes of a connection into requests (RFC 9112): bytes in, events out, no I/O. However
/// the bytes are cut, the events are the same but for the sizes of the pieces of content.
package struct RequestDecoder {
  package enum Event {
    /// Nothing more can be said before more bytes are in the queue.
    case needMoreBytes
    case head(RequestHead)
    /// The first so many bytes of the queue are content. The caller consumes them before it asks
    /// for the next event.
    case body(Int)
    /// The message is complete. What follows in the queue is the next one.
    case end
  }

  private enum State {
    case head
    case length(Int)
    case chunked
    case end
    case failed(HTTPProtocolError)
  }

  private let limits: HTTPLimits
  private var state = State.head
  private var scanner = HeadScanner()
  private var chunks = ChunkedDecoder()
  private var storage = HeadStorage()
  private var skippedLines = 0

  package init(limits: HTTPLimits) { self.limits = limits }

  /// Whether a head has begun to arrive and is not complete.
  package var hasPartialHead: Bool {
    if case .head = state { return scanner.scanned > 0 }
    return false
  }

  /// Says what comes next in `buffer`.
  /// - Throws: `HTTPProtocolError`, and from then on always the same one: nothing behind a framing
  ///   doubt is read.
  package mutating func next(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    do throws(HTTPProtocolError) {
      switch state {
      case .head: return try head(&buffer)
      case .length(let remaining):
        guard !buffer.isEmpty else { return .needMoreBytes }
        let count = min(remaining, buffer.count)
        state = count == remaining ? .end : .length(remaining - count)
        return .body(count)
      case .chunked:
        switch try chunks.next(&buffer, limits: limits) {
        case .needMoreBytes: return .needMoreBytes
        case .body(let count): return .body(count)
        case .end: return end()
        }
      case .end: return end()
      case .failed(let error): throw error
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  private mutating func end() -> Event {
    state = .head
    return .end
  }

  private mutating func head(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    try skipEmptyLines(&buffer)
    let length = try scanner.scan(buffer)
    let lineCount = scanner.firstLineCount ?? scanner.scanned
    guard lineCount <= limits.requestLineBytesMax else { throw .requestLineTooLong }
    guard (length ?? scanner.scanned) - lineCount <= limits.fieldSectionBytesMax + 4 else {
      throw .fieldsTooLarge
    }
    guard let length, let lineEnd = scanner.firstLineCount else { return .needMoreBytes }
    if !isKnownUniquelyReferenced(&storage) { storage = HeadStorage() }
    buffer.withBytes { storage.reset($0.extracting(0..<length)) }
    buffer.consume(length)
    scanner = HeadScanner()
    skippedLines = 0
    let head = try parse(lineEnd)
    switch head.framing {
    case .length(let count): state = .length(count)
    case .chunked:
      chunks = ChunkedDecoder()
      state = .chunked
    case .none, .untilClose: state = .end
    }
    return .head(head)
  }

  /// RFC 9112 §2.2: robust against clients that end a request with an extra CRLF.
  private mutating func skipEmptyLines(_ buffer: inout ByteQueue) throws(HTTPProtocolError) {
    while scanner.scanned == 0, buffer.count >= 2, buffer[0] == UInt8(ascii: "\r"),
      buffer[1] == UInt8(ascii: "\n")
    {
      guard skippedLines < limits.leadingEmptyLinesMax else { throw .badRequestLine }
      buffer.consume(2)
      skippedLines += 1
    }
  }

  private func parse(_ lineEnd: Int) throws(HTTPProtocolError) -> RequestHead {
    let storage = storage
    let line = try RequestLineParser.parse(storage.bytes.span, end: lineEnd)
    let semantics = try FieldParser.parse(
      storage.bytes.span, from: lineEnd + 2, countMax: limits.fieldCountMax,
      into: &storage.fields)
    try HostRule.check(storage.bytes.span, semantics, line.version)
    let framing = try framing(semantics, line.version)
    return RequestHead(
      storage: storage, method: line.method, targetForm: line.form, version: line.version,
      framing: framing,
      keepAlive: !semantics.hasClose && (line.version == .http11 || semantics.hasKeepAlive),
      expectsContinue: semantics.expectsContinue && line.version == .http11
        && framing != .none, targetRange: line.target, pathRange: line.path,
      queryRange: line.query, hostRange: semantics.host)
  }

  /// RFC 9112 §6.3, without the leniencies.
  private func framing(
    _ semantics: FieldParser.Semantics, _ version: HTTPVersion
  ) throws(HTTPProtocolError) -> BodyFraming {
    if semantics.isChunked {
      guard semantics.contentLength == nil, version == .http11 else { throw .badTransferEncoding }
      return .chunked
    }
    guard let length = semantics.contentLength, length > 0 else { return .none }
    guard length <= limits.bodyBytesMax else { throw .contentTooLarge }
    return .length(length)
  }
}

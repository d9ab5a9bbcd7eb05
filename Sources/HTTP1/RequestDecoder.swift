package import Bytes

/// Turns the bytes of a connection into requests (RFC 9112): bytes in, events out, no I/O. However
/// the bytes are cut, the events are the same but for the sizes of the pieces of content, and no
/// byte of framing is looked at twice.
///
///     head → (body)* → end → head → …
package struct RequestDecoder: ~Copyable {
  package enum Event {
    /// Nothing more can be said before more bytes are in the queue.
    case needMoreBytes
    case head(RequestHead)
    /// The first `count` bytes of the queue, at least one, are content. They are accounted for: the
    /// caller takes what it wants and consumes exactly `count` before it asks for the next event.
    case body(count: Int)
    /// The message is complete. What follows in the queue is the next one.
    case end
  }

  private enum State {
    case requestLine
    case fields
    case length(Int)
    case chunked
    case end
    case failed(HTTPProtocolError)
  }

  private let limits: HTTPLimits
  private let fieldReader: FieldSectionReader
  private let requestLineBytesMax: Int
  private var state = State.requestLine
  private var lines = LineReader()
  private var sectionStart = 0
  private var skippedLineCount = 0
  private var chunks: ChunkedDecoder
  /// Bytes of chunk framing that earlier messages had.
  private var examinedChunkBytes = 0
  private var storage = HeadStorage()

  package init(limits: HTTPLimits) {
    self.limits = limits
    fieldReader = FieldSectionReader(head: limits)
    requestLineBytesMax = min(limits.requestLineBytesMax, 1 << 30)
    chunks = ChunkedDecoder(limits: limits)
  }

  /// Whether a head has begun to arrive and is not complete. Empty lines before it do not count.
  package var hasPartialHead: Bool {
    switch state {
    case .requestLine: lines.searched > 0
    case .fields: true
    case .length, .chunked, .end, .failed: false
    }
  }

  /// Whether nothing of a message has arrived since the last one ended. Bytes in the queue that
  /// `next` has not seen yet are not known.
  package var isBetweenMessages: Bool {
    if case .requestLine = state { return lines.searched == 0 }
    return false
  }

  /// Bytes of content that are still to come, as far as they were announced; 0 where they come in
  /// chunks.
  package var announcedRest: Int {
    if case .length(let count) = state { count } else { 0 }
  }

  /// The trailer fields of the message that ended last, until the next one's head; nil when it had
  /// none. Nothing of the message may depend on them (RFC 9110 §6.5).
  package var trailers: HeadFields? { chunks.trailers }

  /// Bytes of heads and framing ever looked at, the witness that the work is linear.
  package var examinedByteCount: Int {
    lines.examinedByteCount + examinedChunkBytes + chunks.examinedByteCount
  }

  /// Says what comes next in `buffer`, and consumes heads and framing.
  /// - Throws: `HTTPProtocolError`, and from then on always the same one: nothing behind a framing
  ///   doubt is read.
  package mutating func next(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    do throws(HTTPProtocolError) {
      switch state {
      case .requestLine, .fields:
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
        case .end:
          state = .requestLine
          return .end
        }
      case .end:
        state = .requestLine
        return .end
      case .failed(let error): throw error
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Takes note that the peer has ended its half of the connection, after `next` has asked for more
  /// bytes.
  /// - Throws: `truncatedHead` or `truncatedBody` when something of a message is missing; the error
  ///   that `next` threw, when it did. Without an error the end is clean.
  package mutating func finish() throws(HTTPProtocolError) {
    switch state {
    case .requestLine where lines.searched == 0, .end: return
    case .requestLine, .fields: state = .failed(.truncatedHead)
    case .length, .chunked: state = .failed(.truncatedBody)
    case .failed: break
    }
    if case .failed(let error) = state { throw error }
  }

  // MARK: Heads

  /// Reads what is there of a head.
  /// - Returns: Whether it is complete; then it is consumed.
  private mutating func readHead(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Bool {
    if buffer.isEmpty { return false }
    if case .requestLine = state {
      guard try readRequestLine(&buffer) else { return false }
    }
    let storage = storage
    let isComplete = try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Bool in
      guard
        try fieldReader.read(
          bytes, &lines, sectionStart: sectionStart, into: storage,
          note: { (field) throws(HTTPProtocolError) in
            try storage.semantics.note(bytes, field, isRequest: true)
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

  /// - Returns: Whether it is there and read.
  private mutating func readRequestLine(
    _ buffer: inout ByteQueue
  ) throws(HTTPProtocolError) -> Bool {
    while true {
      let isRead = try buffer.withBytes { (bytes) throws(HTTPProtocolError) -> Bool? in
        guard
          let line = try lines.next(
            bytes, contentBytesMax: requestLineBytesMax, tooLong: .requestLineTooLong)
        else { return false }
        if line.isEmpty { return nil }
        HeadStorage.renew(&storage)
        storage.requestLine = try RequestLineParser.parse(bytes.extracting(line))
        return true
      }
      if let isRead {
        if isRead {
          sectionStart = lines.lineStart
          skippedLineCount = 0
          state = .fields
        }
        return isRead
      }
      // RFC 9112 §2.2: robust against clients that end a request with an extra CRLF.
      guard skippedLineCount < limits.leadingEmptyLinesMax else { throw .badRequestLine }
      skippedLineCount += 1
      buffer.consume(lines.lineStart)
      lines.restart()
    }
  }

  /// Applies the rules that need the whole head (RFC 9112 §3.2, §6.3).
  private mutating func finishHead() throws(HTTPProtocolError) -> RequestHead {
    let head = RequestHead(storage: storage)
    let semantics = storage.semantics
    guard semantics.hasHost || head.version == .http10 else { throw .badHost }
    if semantics.isChunked {
      guard semantics.contentLength == nil, head.version == .http11 else {
        throw .badTransferEncoding
      }
    }
    switch head.framing {
    case .length(let count):
      guard count <= limits.bodyBytesMax else { throw .contentTooLarge }
      state = .length(count)
    case .chunked: state = .chunked
    case .none, .untilClose: state = .end
    }
    if chunks.examinedByteCount > 0 {
      examinedChunkBytes &+= chunks.examinedByteCount
      chunks = ChunkedDecoder(limits: limits)
    }
    return head
  }
}

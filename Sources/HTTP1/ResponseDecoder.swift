package import Bytes
package import HTTPTypes

/// Turns the bytes of a client's connection into responses, as `RequestDecoder` does for requests.
/// Interim responses (1xx, RFC 9110 §15.2) are skipped.
package struct ResponseDecoder {
  package enum Event {
    case needMoreBytes
    case head(ResponseHead)
    /// The first so many bytes of the queue are content, for the caller to consume.
    case body(Int)
    case end
  }

  private enum State {
    case head
    case length(Int)
    case chunked
    case untilClose(Int)
    case end
    case failed(HTTPProtocolError)
  }

  /// Interim responses before a final one; more are an attack.
  private static let interimMax = 16

  private let limits: HTTPLimits
  private var state = State.head
  private var scanner = HeadScanner()
  private var chunks = ChunkedDecoder()
  private var storage = HeadStorage()
  private var interimCount = 0
  private var isBodiless = false

  package init(limits: HTTPLimits) { self.limits = limits }

  /// Says to which request the next response belongs: it decides whether there is content.
  package mutating func begin(_ method: HTTPRequest.Method) { isBodiless = method == .head }

  /// Whether anything of a response has arrived.
  package var hasBegun: Bool {
    if case .head = state { return scanner.scanned > 0 || interimCount > 0 }
    return true
  }

  /// Says what comes next in `buffer`; see `RequestDecoder.next`.
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
      case .untilClose(let total):
        guard !buffer.isEmpty else { return .needMoreBytes }
        guard buffer.count <= limits.bodyBytesMax - total else { throw .contentTooLarge }
        state = .untilClose(total + buffer.count)
        return .body(buffer.count)
      case .end: return end()
      case .failed(let error): throw error
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Takes note that the peer has ended the connection.
  /// - Returns: `.end` when that ends the response.
  /// - Throws: `truncated` when something is missing.
  package mutating func finish() throws(HTTPProtocolError) -> Event {
    guard case .untilClose = state else { throw .truncated }
    return end()
  }

  private mutating func end() -> Event {
    state = .head
    interimCount = 0
    return .end
  }

  private mutating func head(_ buffer: inout ByteQueue) throws(HTTPProtocolError) -> Event {
    while true {
      let length = try scanner.scan(buffer)
      let headBytesMax = limits.fieldSectionBytesMax + limits.requestLineBytesMax
      guard (length ?? scanner.scanned) <= headBytesMax else { throw .fieldsTooLarge }
      guard let length, let lineEnd = scanner.firstLineCount else { return .needMoreBytes }
      if !isKnownUniquelyReferenced(&storage) { storage = HeadStorage() }
      buffer.withBytes { storage.reset($0.extracting(0..<length)) }
      buffer.consume(length)
      scanner = HeadScanner()
      let head = try parse(lineEnd)
      if head.status.kind == .informational {
        interimCount += 1
        guard interimCount <= Self.interimMax, head.status.code != 101 else {
          throw .badStatusLine
        }
        continue
      }
      switch head.framing {
      case .none: state = .end
      case .length(let count): state = .length(count)
      case .chunked:
        chunks = ChunkedDecoder()
        state = .chunked
      case .untilClose: state = .untilClose(0)
      }
      return .head(head)
    }
  }

  /// RFC 9112 §4: `HTTP/1.x SP 3DIGIT SP [ reason-phrase ]`.
  private func parse(_ lineEnd: Int) throws(HTTPProtocolError) -> ResponseHead {
    let storage = storage
    let received = storage.bytes
    let bytes = received.span
    guard lineEnd >= 12, Grammar.equals(bytes, 0..<7, "HTTP/1."), Grammar.isDigit(bytes[7]),
      bytes[8] == UInt8(ascii: " "), lineEnd == 12 || bytes[12] == UInt8(ascii: " ")
    else { throw .badStatusLine }
    var code = 0
    for index in 9..<12 {
      guard Grammar.isDigit(bytes[index]) else { throw .badStatusLine }
      code = code * 10 + Int(bytes[index] - 0x30)
    }
    guard code >= 100, code <= 599 else { throw .badStatusLine }
    let version: HTTPVersion = bytes[7] == UInt8(ascii: "0") ? .http10 : .http11
    let semantics = try FieldParser.parse(
      bytes, from: lineEnd + 2, countMax: limits.fieldCountMax, into: &storage.fields)
    let framing = try framing(code, semantics)
    let isPersistent = !semantics.hasClose && (version == .http11 || semantics.hasKeepAlive)
    return ResponseHead(
      storage: storage, status: HTTPResponse.Status(code: code), version: version,
      framing: framing, keepAlive: isPersistent && framing != .untilClose)
  }

  private func framing(
    _ code: Int, _ semantics: FieldParser.Semantics
  ) throws(HTTPProtocolError) -> BodyFraming {
    if isBodiless || code < 200 || code == 204 || code == 304 { return .none }
    if semantics.isChunked {
      guard semantics.contentLength == nil else { throw .badTransferEncoding }
      return .chunked
    }
    guard let length = semantics.contentLength else { return .untilClose }
    guard length <= limits.bodyBytesMax else { throw .contentTooLarge }
    return length == 0 ? .none : .length(length)
  }
}

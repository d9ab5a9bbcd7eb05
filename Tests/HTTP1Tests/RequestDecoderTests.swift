import Bytes
import HTTP1
import HTTPTypes
import Testing

@Suite struct RequestDecoderTests {
  private static let get = "GET / HTTP/1.1\r\nhost: h\r\n\r\n"

  @Test func pipelining() {
    let post = "POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\nhi"
    let chunked = """
      POST /c HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n\
      1\r\nx\r\n0\r\nt: u\r\n\r\n
      """
    let trace = RequestRun.trace(Self.get + post + chunked + post + Self.get)
    #expect(trace.heads.map { $0.prefix(7) } == ["GET / o", "POST /p", "POST /c", "POST /p", "GET / o"])
    let hi = Trace.body(Array("hi".utf8))
    #expect(trace.filter { $0 == hi }.count == 2)
    #expect(trace.filter { $0 == .end(trailers: "") }.count == 4)
    #expect(trace.filter { $0 == .end(trailers: "t=u") }.count == 1)
    #expect(trace.last == .finished(nil))
  }

  @Test(arguments: ["", "\r\n", "\r\n\r\n"])
  func emptyLinesBeforeARequest(_ lines: String) {
    let trace = RequestRun.trace(lines + Self.get + lines + Self.get)
    #expect(trace.heads.count == 2)
    #expect(trace.last == .finished(nil))
  }

  @Test func streamThatEndsWithAnEmptyLineEndsCleanly() {
    #expect(RequestRun.trace("").last == .finished(nil))
    #expect(RequestRun.trace(Self.get + "\r\n").last == .finished(nil))
  }

  @Test(arguments: ["G", "\r", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: h\r\n\r"])
  func truncatedHead(_ text: String) {
    #expect(RequestRun.trace(text) == [.finished(.truncatedHead)])
  }

  @Test func tellsWhereItStands() throws {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    #expect(decoder.isBetweenMessages && !decoder.hasPartialHead)
    func feed(_ text: String) throws -> RequestDecoder.Event {
      queue.append(text)
      return try decoder.next(&queue)
    }
    guard case .needMoreBytes = try feed("\r\n") else { throw HTTPProtocolError.badChunk }
    #expect(decoder.isBetweenMessages && !decoder.hasPartialHead)
    guard case .needMoreBytes = try feed("P") else { throw HTTPProtocolError.badChunk }
    #expect(!decoder.isBetweenMessages && decoder.hasPartialHead)
    guard case .needMoreBytes = try feed("OST / HTTP/1.1\r\n") else {
      throw HTTPProtocolError.badChunk
    }
    #expect(!decoder.isBetweenMessages && decoder.hasPartialHead)
    guard case .head = try feed("host: h\r\ncontent-length: 1\r\n\r\n") else {
      throw HTTPProtocolError.badChunk
    }
    #expect(!decoder.isBetweenMessages && !decoder.hasPartialHead)
    guard case .body(count: 1) = try feed("x") else { throw HTTPProtocolError.badChunk }
    queue.consume(1)
    #expect(!decoder.isBetweenMessages && !decoder.hasPartialHead)
    guard case .end = try decoder.next(&queue) else { throw HTTPProtocolError.badChunk }
    #expect(decoder.isBetweenMessages && !decoder.hasPartialHead)
  }

  @Test func aHeadThatIsKeptDoesNotChange() throws {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    var kept: [RequestHead] = []
    for index in 0..<4 {
      queue.append("GET /\(index) HTTP/1.1\r\nhost: h\(index)\r\n\r\n")
      guard case .head(let head) = try decoder.next(&queue) else {
        throw HTTPProtocolError.truncatedHead
      }
      // Every other one is let go, so that its storage is used again.
      if index.isMultiple(of: 2) { kept.append(head) }
      _ = try decoder.next(&queue)
    }
    #expect(kept.map(\.target) == ["/0", "/2"])
    #expect(kept.map(\.authority) == ["h0", "h2"])
  }

  @Test func aHeadMayBeLargerThanItsFirstStorage() throws {
    let value = String(repeating: "v", count: 9_000)
    let many = (0..<90).map { "f\($0): \($0)\r\n" }.joined()
    let head = try RequestRun.head("GET / HTTP/1.1\r\nhost: h\r\ncookie: \(value)\r\n\(many)\r\n")
    #expect(head[.cookie] == value)
    #expect(head.fieldCount == 92)
    #expect(head.fields.all.last?.value == "89")
  }

  @Test func errorsHaveDistinctLabels() {
    let labels = Set(HTTPProtocolError.allCases.map(\.label))
    #expect(labels.count == HTTPProtocolError.allCases.count)
    #expect(labels.allSatisfy { $0.allSatisfy { $0.isLowercase || $0 == "_" } })
    #expect(HTTPProtocolError.allCases.filter { $0.fault == .local } == [.invalidOwnField])
  }

  // MARK: Work

  /// A stream is examined once: cut to single bytes, no more bytes are looked at than cut not at
  /// all, and never more than there are.
  @Test func workIsLinear() throws {
    let head = "POST /\(String(repeating: "p", count: 4_000)) HTTP/1.1\r\nhost: h\r\n"
      + "cookie: \(String(repeating: "c", count: 20_000))\r\ntransfer-encoding: chunked\r\n\r\n"
    let chunks = (0..<500).map { _ in "1;ext=1\r\nx\r\n" }.joined()
    let bytes = Array((head + chunks + "0\r\na: b\r\n\r\n").utf8)
    func examined(_ size: Int) throws -> Int {
      var decoder = RequestDecoder(limits: HTTPLimits())
      var queue = ByteQueue()
      var isEnded = false
      for piece in Cut.pieces(bytes, sizes: [size]) {
        queue.append(piece)
        reading: while true {
          switch try decoder.next(&queue) {
          case .needMoreBytes: break reading
          case .body(let count): queue.consume(count)
          case .head: break
          case .end: isEnded = true
          }
        }
      }
      #expect(isEnded)
      return decoder.examinedByteCount
    }
    let framing = bytes.count - 500
    #expect(try examined(bytes.count) == framing)
    #expect(try examined(1) == framing)
    #expect(try examined(7) == framing)
  }
}

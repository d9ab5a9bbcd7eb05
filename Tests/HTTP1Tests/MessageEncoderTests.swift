import Bytes
import HTTP1
import HTTPTypes
import Testing

@Suite struct MessageEncoderTests {
  private static func text(
    _ write: (inout ByteQueue) throws(HTTPProtocolError) -> Void
  ) throws(HTTPProtocolError) -> String {
    var queue = ByteQueue()
    try write(&queue)
    return String(decoding: queue.array(), as: UTF8.self)
  }

  // MARK: Status lines

  @Test(arguments: [
    HTTPResponse.Status.ok, .created, .accepted, .noContent, .notModified, .temporaryRedirect,
    .badRequest, .notFound, .methodNotAllowed, .requestTimeout, .contentTooLarge, .tooManyRequests,
    .internalServerError, .serviceUnavailable, .uriTooLong, .requestHeaderFieldsTooLarge,
    .httpVersionNotSupported, .notImplemented, .expectationFailed, .badGateway, .gatewayTimeout,
  ])
  func statusLine(_ status: HTTPResponse.Status) throws {
    #expect(!status.reasonPhrase.isEmpty)
    let expected = "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\n"
    #expect(try Self.text { MessageEncoder.appendStatusLine(status, to: &$0) } == expected)
  }

  @Test func otherStatusLines() throws {
    // The phrase that clients of the reference system know.
    #expect(
      try Self.text { MessageEncoder.appendStatusLine(.unprocessableContent, to: &$0) }
        == "HTTP/1.1 422 Unprocessable Entity\r\n")
    // Without a phrase the second space stays (RFC 9112 §4).
    #expect(
      try Self.text { MessageEncoder.appendStatusLine(.init(code: 299), to: &$0) }
        == "HTTP/1.1 299 \r\n")
    for code in 200...599 {
      let line = try Self.text { MessageEncoder.appendStatusLine(.init(code: code), to: &$0) }
      #expect(line.hasPrefix("HTTP/1.1 \(code) ") && line.hasSuffix("\r\n"))
    }
  }

  @Test(arguments: ["a\r\nset-cookie: b", "a\nb", "a\u{0}", "\u{7F}"])
  func aPhraseThatWouldBreakTheLineIsLeftOut(_ phrase: String) throws {
    let status = HTTPResponse.Status(code: 299, reasonPhrase: phrase)
    // What cannot pass the type's own check arrives empty; in no case does a line end get through.
    let line = try Self.text { MessageEncoder.appendStatusLine(status, to: &$0) }
    #expect(line.hasPrefix("HTTP/1.1 299 ") && line.hasSuffix("\r\n"))
    #expect(line.utf8.count { $0 < 0x20 || $0 == 0x7F } == 2)
  }

  @Test func continueIsWhole() throws {
    #expect(
      try Self.text { MessageEncoder.appendContinue(to: &$0) } == "HTTP/1.1 100 Continue\r\n\r\n")
  }

  // MARK: Request lines

  @Test func requestLine() throws {
    #expect(
      try Self.text { (queue) throws(HTTPProtocolError) in
        try MessageEncoder.appendRequestLine(.post, target: "/a?b=%20", to: &queue)
      } == "POST /a?b=%20 HTTP/1.1\r\n")
  }

  @Test(arguments: ["", " ", "/a b", "/\r\nhost: evil", "/\n", "/\u{0}", "/\u{7F}", "/é", "/\t"])
  func badTarget(_ target: String) {
    var queue = ByteQueue()
    #expect(throws: HTTPProtocolError.invalidOwnField) {
      try MessageEncoder.appendRequestLine(.get, target: target, to: &queue)
    }
    #expect(queue.array() == [])
  }

  // MARK: Fields

  @Test(arguments: [
    "", "a", " a ", "a\tb", "a: b, c;d=\"e\"", "grün", "12345678\t12345678",
  ])
  func values(_ value: String) throws {
    let name = try #require(HTTPField.Name("X-Name"))
    let field = HTTPField(name: name, value: value)
    #expect(
      try Self.text { (queue) throws(HTTPProtocolError) in
        try MessageEncoder.appendField(field, to: &queue)
      } == "x-name: \(field.value)\r\n")
    #expect(
      try Self.text { (queue) throws(HTTPProtocolError) in
        try MessageEncoder.appendField("x-name", value, to: &queue)
      } == "x-name: \(value)\r\n")
  }

  static let breakingValues = [
    "a\r\nb: c", "a\nb", "a\rb", "\u{0}", "a\u{1F}", "\u{7F}", "1234567\n", "12345678\r\n",
    "123456789\u{0}123456789",
  ]

  @Test(arguments: breakingValues)
  func aValueThatWouldEndItsLineIsRefused(_ value: String) {
    var queue = ByteQueue()
    queue.append("x" as StaticString)
    #expect(throws: HTTPProtocolError.invalidOwnField) {
      try MessageEncoder.appendField("name", value, to: &queue)
    }
    #expect(queue.array() == [UInt8(ascii: "x")])
  }

  /// `HTTPField` mends such a value by itself; whichever of the two acts, no line end gets through.
  @Test(arguments: breakingValues)
  func aFieldNeverBecomesTwo(_ value: String) {
    var queue = ByteQueue()
    try? MessageEncoder.appendField(HTTPField(name: .cookie, value: value), to: &queue)
    let text = String(decoding: queue.array(), as: UTF8.self)
    #expect(text.isEmpty || text.utf8.count { $0 < 0x20 && $0 != 9 || $0 == 0x7F } == 2)
  }

  @Test(arguments: [
    "content-length", "Content-Length", "transfer-encoding", "TRANSFER-ENCODING", "connection",
    "Connection",
  ])
  func framingIsNotTheCallers(_ name: String) throws {
    let field = HTTPField(name: try #require(HTTPField.Name(name)), value: "1")
    var queue = ByteQueue()
    #expect(throws: HTTPProtocolError.invalidOwnField) {
      try MessageEncoder.appendField(field, to: &queue)
    }
    #expect(queue.array() == [])
  }

  @Test func pseudoHeaderFieldsAreRefused() throws {
    let name = try #require(HTTPField.Name(parsed: ":path"))
    var queue = ByteQueue()
    #expect(throws: HTTPProtocolError.invalidOwnField) {
      try MessageEncoder.appendField(HTTPField(name: name, value: "/"), to: &queue)
    }
    #expect(queue.array() == [])
  }

  // MARK: Framing

  @Test(arguments: [
    (ResponseFraming.length(0), 200, "content-length: 0\r\n"),
    (.length(12_345), 404, "content-length: 12345\r\n"),
    (.chunked, 200, "transfer-encoding: chunked\r\n"), (.untilClose, 200, ""),
    (.length(0), 204, ""), (.chunked, 204, ""), (.length(5), 304, ""), (.chunked, 304, ""),
    (.length(0), 100, ""), (.chunked, 199, ""), (.length(0), 205, "content-length: 0\r\n"),
  ])
  func framing(_ framing: ResponseFraming, _ code: Int, _ expected: String) throws {
    #expect(
      try Self.text {
        MessageEncoder.appendFraming(framing, status: HTTPResponse.Status(code: code), to: &$0)
      } == expected)
  }

  @Test(arguments: [(1, "1"), (15, "f"), (16, "10"), (255, "ff"), (4_096, "1000")])
  func chunks(_ count: Int, _ size: String) throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: count)
    let expected = "\(size)\r\n\(String(repeating: "x", count: count))\r\n"
    #expect(try Self.text { MessageEncoder.appendChunk(bytes, to: &$0) } == expected)
    #expect(try Self.text { MessageEncoder.appendChunk(bytes.span, to: &$0) } == expected)
  }

  @Test func anEmptyChunkIsNone() throws {
    #expect(try Self.text { MessageEncoder.appendChunk([UInt8](), to: &$0) } == "")
    #expect(try Self.text { MessageEncoder.appendLastChunk(to: &$0) } == "0\r\n\r\n")
  }

  @Test func whatCouldNotBeSentStops() async {
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueue()
      MessageEncoder.appendChunkHeader(0, to: &queue)
    }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueue()
      MessageEncoder.appendContentLength(-1, to: &queue)
    }
    await #expect(processExitsWith: .failure) {
      var queue = ByteQueue()
      MessageEncoder.appendStatusLine(HTTPResponse.Status(code: 99), to: &queue)
    }
  }

  // MARK: There and back

  @Test func whatIsWrittenIsRead() throws {
    let response = try Self.text { (queue) throws(HTTPProtocolError) in
      MessageEncoder.appendContinue(to: &queue)
      MessageEncoder.appendStatusLine(.created, to: &queue)
      try MessageEncoder.appendField("server", "ostack", to: &queue)
      MessageEncoder.appendFraming(.chunked, status: .created, to: &queue)
      MessageEncoder.appendEndOfHead(to: &queue)
      MessageEncoder.appendChunk([1, 2, 3], to: &queue)
      MessageEncoder.appendChunk([UInt8](repeating: 0x0A, count: 20), to: &queue)
      MessageEncoder.appendLastChunk(to: &queue)
    }
    let trace = ResponseRun.trace(response)
    #expect(trace.count == 5 && trace.last == .finished(nil), "\(trace)")
    #expect(trace[2] == .body([1, 2, 3] + [UInt8](repeating: 0x0A, count: 20)))

    let request = try Self.text { (queue) throws(HTTPProtocolError) in
      try MessageEncoder.appendRequestLine(.put, target: "/x", to: &queue)
      try MessageEncoder.appendField("host", "h", to: &queue)
      MessageEncoder.appendContentLength(2, to: &queue)
      MessageEncoder.appendEndOfHead(to: &queue)
      queue.append("hi" as StaticString)
    }
    let read = RequestRun.trace(request)
    #expect(Array(read.dropFirst()) == [.body(Array("hi".utf8)), .end(trailers: ""), .finished(nil)])
  }
}

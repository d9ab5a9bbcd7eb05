import HTTP1
import HTTPTypes
import Testing

/// What a client refuses in a response, and the limits of one.
@Suite struct ResponseErrorTests {
  private static let empty = "content-length: 0\r\n\r\n"

  private static func repeated(_ text: String, _ count: Int) -> String {
    String(repeating: text, count: count)
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK", "HTTP/1.1 200 ", "HTTP/1.1 200", "HTTP/1.1 599 \t\u{E4}", "HTTP/1.1 100 ",
    "HTTP/1.0 200 No such thing: at all", "HTTP/1.9 200 x",
  ])
  func goodStatusLine(_ line: String) throws {
    let text = "\(line)\r\n\(Self.empty)"
    let trace = ResponseRun.trace(text)
    #expect(trace.error == nil, "\(trace)")
    #expect(trace.heads.first?.hasPrefix(line.dropFirst(9).prefix(3)) == true)
  }

  @Test(arguments: [
    "", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 200OK", "HTTP/1.1  200 OK",
    "HTTP/1.1\t200 OK", "HTTP/1.1 099 x", "HTTP/1.1 600 x", "HTTP/1.1 999 x", "HTTP/1.1 000 x",
    "HTTP/1.1 +20 x", "HTTP/1.1 2 0 x", "HTTP/1.1 2x0 x", "HTTP/1.1 200\tOK", "http/1.1 200 OK",
    "HTTP 1.1 200 OK", "HTTP/11 200 OK1", "HTTP/a.1 200 OK", "HTTP/1.a 200 OK", "ICY 200 OK    ",
    " HTTP/1.1 200 OK", "HTTP/1.1 200 O\u{0}K", "HTTP/1.1 200 O\u{7F}K", "HTTP/1.1 200 a\rb",
    "HTTP/1.1 \u{662}00 x",
  ])
  func badStatusLine(_ line: String) {
    #expect(ResponseRun.trace("\(line)\r\n\(Self.empty)") == [.error(.badStatusLine)])
    #expect(HTTPProtocolError.badStatusLine.status == .badGateway)
  }

  @Test(arguments: ["HTTP/2.0 200 OK", "HTTP/0.9 200 OK", "HTTP/3.1 200 "])
  func otherMajorVersion(_ line: String) {
    #expect(ResponseRun.trace("\(line)\r\n\(Self.empty)") == [.error(.unsupportedVersion)])
  }

  struct Row: Sendable {
    let fields: String
    let error: HTTPProtocolError

    init(_ fields: String, _ error: HTTPProtocolError) {
      self.fields = fields
      self.error = error
    }
  }

  @Test(arguments: [
    Row("content-length: 4\r\ntransfer-encoding: chunked\r\n", .badTransferEncoding),
    Row("transfer-encoding: chunked\r\ncontent-length: 0\r\n", .badTransferEncoding),
    Row("content-length: 4\r\ncontent-length: 4\r\n", .badContentLength),
    Row("content-length: 4, 4\r\n", .badContentLength),
    Row("content-length: -1\r\n", .badContentLength),
    Row("content-length:\r\n", .badContentLength),
    Row("content-length: 9223372036854775808\r\n", .badContentLength),
    Row("transfer-encoding: gzip, chunked\r\n", .unknownTransferCoding),
    Row("transfer-encoding: chunked, chunked\r\n", .badTransferEncoding),
    Row("transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n", .badTransferEncoding),
    Row("a b: c\r\n", .badField),
    Row("a: b\r\n c\r\n", .badField),
    Row("a: b\u{0}\r\n", .badField),
    Row("a: b\nc: d\r\n", .badLineEnd),
  ])
  func fieldsThatLeaveADoubt(_ row: Row) {
    let trace = ResponseRun.trace("HTTP/1.1 200 OK\r\n\(row.fields)\r\n0\r\n\r\n")
    #expect(trace == [.error(row.error)])
  }

  /// Both are refused whatever the status makes of the content.
  @Test(arguments: [(HTTPRequest.Method.head, 200), (.get, 204), (.get, 304), (.get, 100)])
  func doubtfulFramingIsRefusedWithoutContentToo(_ method: HTTPRequest.Method, _ status: Int) {
    let fields = "content-length: 4\r\ntransfer-encoding: chunked\r\n"
    let trace = ResponseRun.trace("HTTP/1.1 \(status) x\r\n\(fields)\r\n", to: [method])
    #expect(trace == [.error(.badTransferEncoding)])
  }

  @Test func transferEncodingIsUnknownToOldVersions() {
    let trace = ResponseRun.trace("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")
    #expect(trace == [.error(.badTransferEncoding)])
  }

  @Test func fieldsOfRequestsMeanNothing() {
    let fields = "host: a b\r\nhost: c\r\nexpect: x\r\n"
    #expect(ResponseRun.trace("HTTP/1.1 200 OK\r\n\(fields)\(Self.empty)").error == nil)
  }

  @Test(arguments: ["g\r\n", "1\r\nab\r\n", "1\n"])
  func badChunks(_ wire: String) {
    let trace = ResponseRun.trace("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\(wire)")
    #expect(trace.error == .badChunk)
  }

  // MARK: Limits

  @Test func statusLineBytes() {
    var limits = HTTPLimits()
    limits.requestLineBytesMax = 20
    let fits = "HTTP/1.1 200 1234567"
    #expect(fits.utf8.count == 20)
    #expect(ResponseRun.trace("\(fits)\r\n\(Self.empty)", limits: limits).error == nil)
    let long = ResponseRun.trace("\(fits)8\r\n\(Self.empty)", limits: limits)
    #expect(long == [.error(.statusLineTooLong)])
    #expect(HTTPProtocolError.statusLineTooLong.status == .badGateway)
  }

  @Test func fieldSection() {
    var limits = HTTPLimits()
    limits.fieldSectionBytesMax = 24
    limits.fieldCountMax = 2
    let start = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n"
    #expect(ResponseRun.trace(start + "a:b\r\n\r\n", limits: limits).error == nil)
    #expect(ResponseRun.trace(start + "a:bc\r\n\r\n", limits: limits).error == .fieldsTooLarge)
    limits.fieldSectionBytesMax = 99
    #expect(ResponseRun.trace(start + "a:\r\nb:\r\n\r\n", limits: limits).error == .tooManyFields)
  }

  @Test func contentBytes() {
    var limits = HTTPLimits()
    limits.bodyBytesMax = 5
    func error(_ rest: String) -> HTTPProtocolError? {
      ResponseRun.trace("HTTP/1.1 200 OK\r\n\(rest)", limits: limits).error
    }
    #expect(error("content-length: 5\r\n\r\n12345") == nil)
    #expect(error("content-length: 6\r\n\r\n123456") == .contentTooLarge)
    #expect(error("transfer-encoding: chunked\r\n\r\n2\r\n12\r\n3\r\n345\r\n0\r\n\r\n") == nil)
    #expect(error("transfer-encoding: chunked\r\n\r\n2\r\n12\r\n4\r\n") == .contentTooLarge)
    #expect(error("\r\n12345") == nil)
    #expect(error("\r\n123456") == .contentTooLarge)
    limits.bodyBytesMax = 0
    #expect(error("\r\n") == nil)
    #expect(error("\r\n1") == .contentTooLarge)
  }

  @Test func trailers() {
    var limits = HTTPLimits()
    limits.trailerBytesMax = 6
    limits.trailerCountMax = 1
    let start = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
    #expect(ResponseRun.trace(start + "a: 1\r\n\r\n", limits: limits).error == nil)
    #expect(ResponseRun.trace(start + "a: 12\r\n\r\n", limits: limits).error == .trailersTooLarge)
    limits.trailerBytesMax = 99
    #expect(ResponseRun.trace(start + "a:\r\nb:\r\n\r\n", limits: limits).error == .tooManyTrailers)
  }
}

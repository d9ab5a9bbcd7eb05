import HTTP1
import HTTPTypes
import Testing

/// How content is delimited, and the ways in which two readers could come to differ on it.
@Suite struct BodyFramingTests {
  private static let next = "GET /next HTTP/1.1\r\nhost: h\r\n\r\n"

  /// A request with `fields` and what follows it.
  private static func post(
    _ fields: String, _ rest: String = "", version: String = "1.1"
  ) -> [Trace] {
    RequestRun.trace("POST / HTTP/\(version)\r\nhost: h\r\n\(fields)\r\n\(rest)")
  }

  private static func expectNext(_ trace: ArraySlice<Trace>) {
    #expect(trace.count == 3, "\(trace)")
    guard case .head(let text) = trace.first else {
      Issue.record("no next request: \(trace)")
      return
    }
    #expect(text.hasPrefix("GET /next "))
    #expect(trace.last == .finished(nil))
  }

  @Test(arguments: ["", "content-length: 0\r\n", "content-length: 000\r\n"])
  func noContent(_ fields: String) {
    let trace = Self.post(fields, Self.next)
    #expect(trace[0].description.contains(" none "))
    #expect(trace[1] == .end(trailers: ""))
    Self.expectNext(trace[2...])
  }

  @Test(arguments: ["3", "03", "0000000000000000000000003"])
  func length(_ value: String) {
    let trace = Self.post("Content-Length: \(value)\r\n", "a\r\n" + Self.next)
    #expect(trace[0].description.contains(" length(3) "))
    #expect(trace[1] == .body(Array("a\r\n".utf8)))
    #expect(trace[2] == .end(trailers: ""))
    Self.expectNext(trace[3...])
  }

  struct Chunked: Sendable {
    let wire: String
    let content: String
    var trailers = ""
  }

  @Test(arguments: [
    Chunked(wire: "0\r\n\r\n", content: ""),
    Chunked(wire: "000\r\n\r\n", content: ""),
    Chunked(wire: "3\r\nabc\r\n0\r\n\r\n", content: "abc"),
    Chunked(wire: "0000000000000003\r\nabc\r\n0\r\n\r\n", content: "abc"),
    Chunked(wire: "a\r\n0\r\n\r\n01234\r\nB\r\n-----------\r\n0\r\n\r\n",
      content: "0\r\n\r\n01234-----------"),
    Chunked(wire: "1;a=b;c=\"d e\"\r\nx\r\n0;z\r\n\r\n", content: "x"),
    Chunked(wire: "1 \t;a\r\nx\r\n0\r\n\r\n", content: "x"),
    Chunked(wire: "1\r\nx\r\n0\r\nA: b\r\nc:d \r\n\r\n", content: "x", trailers: "A=b&c=d"),
  ])
  func chunked(_ row: Chunked) {
    let trace = Self.post("Transfer-Encoding: Chunked\r\n", row.wire + Self.next)
    #expect(trace[0].description.contains(" chunked "))
    let content = row.content.isEmpty ? [] : [Trace.body(Array(row.content.utf8))]
    #expect(Array(trace[1..<(trace.count - 3)]) == content + [.end(trailers: row.trailers)])
    Self.expectNext(trace.suffix(3))
  }

  @Test(arguments: [
    "\r\n", "g\r\n", "-1\r\n", "+1\r\n", "0x1\r\n", " 1\r\n", "1 \r\n", "1\t\r\n", "1 a\r\n",
    "1\n", "1\rx", "1;a\n", "1;a\rb\r\n", "1;\u{0}\r\n", "1;\u{7F}\r\n", ";a\r\n",
    "00000000000000001\r\n", "8000000000000000\r\n", "ffffffffffffffff\r\n",
    "10000000000000000\r\n", "1\r\nab\r\n", "1\r\na\n", "1\r\na\rb", "1\r\na0\r\n\r\n",
    "1\r\na\r\n\r\n0\r\n\r\n", "1,2\r\n", "1.\r\n", "1_0\r\n", "\u{661}\r\n",
  ])
  func badChunk(_ wire: String) {
    #expect(Self.post("transfer-encoding: chunked\r\n", wire).error == .badChunk)
  }

  @Test(arguments: [
    "0\r\na\r\n\r\n", "0\r\n a: b\r\n\r\n", "0\r\na : b\r\n\r\n", "0\r\na: \u{0}\r\n\r\n",
    "0\r\nContent-Length: 3\r\n\r\n", "0\r\ntransfer-encoding: chunked\r\n\r\n",
    "0\r\nhost: x\r\n\r\n", "0\r\ntrailer: x\r\n\r\n", "0\r\na: b\r\n c\r\n\r\n",
  ])
  func badTrailer(_ wire: String) {
    #expect(Self.post("transfer-encoding: chunked\r\n", wire).error == .badTrailer)
  }

  @Test(arguments: ["0\r\n\n", "0\r\na: b\n\r\n", "0\r\na: b\r\n\n"])
  func bareLineFeedInTrailers(_ wire: String) {
    #expect(Self.post("transfer-encoding: chunked\r\n", wire).error == .badLineEnd)
  }

  struct Smuggling: Sendable, CustomTestStringConvertible {
    let name: String
    let fields: String
    let error: HTTPProtocolError
    var testDescription: String { name }

    init(_ name: String, _ fields: String, _ error: HTTPProtocolError) {
      self.name = name
      self.fields = fields
      self.error = error
    }
  }

  @Test(arguments: [
    Smuggling("CL.TE", "content-length: 4\r\ntransfer-encoding: chunked\r\n",
      .badTransferEncoding),
    Smuggling("TE.CL", "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
      .badTransferEncoding),
    Smuggling("TE and a length of zero", "transfer-encoding: chunked\r\ncontent-length: 0\r\n",
      .badTransferEncoding),
    Smuggling("CL.CL, different", "content-length: 4\r\ncontent-length: 5\r\n",
      .badContentLength),
    Smuggling("CL.CL, equal", "content-length: 4\r\ncontent-length: 4\r\n", .badContentLength),
    Smuggling("CL list, equal", "content-length: 4, 4\r\n", .badContentLength),
    Smuggling("CL list, different", "content-length: 4,5\r\n", .badContentLength),
    Smuggling("CL with a plus", "content-length: +4\r\n", .badContentLength),
    Smuggling("CL negative", "content-length: -4\r\n", .badContentLength),
    Smuggling("CL hexadecimal", "content-length: 0x4\r\n", .badContentLength),
    Smuggling("CL with an underscore", "content-length: 1_0\r\n", .badContentLength),
    Smuggling("CL with a fraction", "content-length: 4.0\r\n", .badContentLength),
    Smuggling("CL with a blank inside", "content-length: 4 4\r\n", .badContentLength),
    Smuggling("CL empty", "content-length:\r\n", .badContentLength),
    Smuggling("CL in other digits", "content-length: \u{664}\r\n", .badContentLength),
    Smuggling("CL of 2^63", "content-length: 9223372036854775808\r\n", .badContentLength),
    Smuggling("CL of 2^64 + 4", "content-length: 18446744073709551620\r\n", .badContentLength),
    Smuggling("CL quoted", "content-length: \"4\"\r\n", .badContentLength),
    Smuggling("space before the colon", "content-length : 4\r\n", .badField),
    Smuggling("TE with space before the colon", "transfer-encoding : chunked\r\n", .badField),
    Smuggling("TE folded", "transfer-encoding:\r\n chunked\r\n", .badTransferEncoding),
    Smuggling("TE with a vertical tab", "transfer-encoding: \u{B}chunked\r\n", .badField),
    Smuggling("TE with NUL", "transfer-encoding: chunked\u{0}\r\n", .badField),
    Smuggling("TE behind a bare CR", "a: b\rtransfer-encoding: chunked\r\n", .badField),
    Smuggling("TE behind a bare LF", "a: b\ntransfer-encoding: chunked\r\n", .badLineEnd),
    Smuggling("TE twice", "transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n",
      .badTransferEncoding),
    Smuggling("TE twice, the second unknown",
      "transfer-encoding: chunked\r\ntransfer-encoding: x\r\n", .badTransferEncoding),
    Smuggling("TE chunked twice in a list", "transfer-encoding: chunked, chunked\r\n",
      .badTransferEncoding),
    Smuggling("TE chunked not last", "transfer-encoding: chunked, identity\r\n",
      .badTransferEncoding),
    Smuggling("TE with an empty element", "transfer-encoding: ,chunked\r\n",
      .badTransferEncoding),
    Smuggling("TE empty", "transfer-encoding:\r\n", .badTransferEncoding),
    Smuggling("TE unknown", "transfer-encoding: x\r\n", .unknownTransferCoding),
    Smuggling("TE identity", "transfer-encoding: identity\r\n", .unknownTransferCoding),
    Smuggling("TE gzip, chunked", "transfer-encoding: gzip, chunked\r\n",
      .unknownTransferCoding),
    Smuggling("TE xchunked", "transfer-encoding: xchunked\r\n", .unknownTransferCoding),
    Smuggling("TE quoted", "transfer-encoding: \"chunked\"\r\n", .unknownTransferCoding),
    Smuggling("TE with a parameter", "transfer-encoding: chunked;a=b\r\n",
      .unknownTransferCoding),
    Smuggling("TE unknown, and a length", "content-length: 4\r\ntransfer-encoding: x\r\n",
      .unknownTransferCoding),
    Smuggling("name with a trailing NUL", "transfer-encoding\u{0}: chunked\r\n", .badField),
    Smuggling("line without a colon", "content-length 4\r\n", .badField),
  ])
  func smuggling(_ row: Smuggling) {
    let trace = Self.post(row.fields, "0\r\n\r\n" + Self.next)
    #expect(trace.error == row.error, "\(trace)")
    #expect(trace.count == 1, "nothing may be told before the error: \(trace)")
  }

  @Test func transferEncodingIsUnknownToOldVersions() {
    let trace = Self.post("transfer-encoding: chunked\r\n", "0\r\n\r\n", version: "1.0")
    #expect(trace == [.error(.badTransferEncoding)])
  }

  @Test func statusOfErrors() {
    #expect(HTTPProtocolError.unknownTransferCoding.status == .notImplemented)
    #expect(HTTPProtocolError.badTransferEncoding.status == .badRequest)
    #expect(HTTPProtocolError.badContentLength.status == .badRequest)
    #expect(HTTPProtocolError.badChunk.status == .badRequest)
  }

  @Test(arguments: ["0", "a", "0\r", "3\r\nab", "3\r\nabc", "3\r\nabc\r", "0\r\n", "0\r\na: b\r\n"])
  func truncatedChunks(_ wire: String) {
    let trace = Self.post("transfer-encoding: chunked\r\n", wire)
    #expect(trace.last == .finished(.truncatedBody))
  }

  @Test func truncatedLength() {
    #expect(Self.post("content-length: 3\r\n", "ab").last == .finished(.truncatedBody))
    #expect(Self.post("content-length: 3\r\n", "").last == .finished(.truncatedBody))
  }
}

import Bytes
import HTTP1
import HTTPTypes
import Testing

@Suite struct ResponseDecoderTests {
  private static let ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
  private static let hi = Trace.body(Array("hi".utf8))

  struct Framing: Sendable {
    let method: HTTPRequest.Method
    let status: Int
    let fields: String
    let expected: BodyFraming
    var keepAlive = true
  }

  static let framings = [
    Framing(method: .get, status: 200, fields: "content-length: 2", expected: .length(2)),
    Framing(method: .post, status: 500, fields: "Content-Length: 02", expected: .length(2)),
    Framing(method: .get, status: 200, fields: "content-length: 0", expected: .none),
    Framing(method: .get, status: 200, fields: "transfer-encoding: Chunked", expected: .chunked),
    Framing(method: .get, status: 200, fields: "a: b", expected: .untilClose, keepAlive: false),
    Framing(method: .head, status: 200, fields: "content-length: 2", expected: .none),
    Framing(method: .head, status: 200, fields: "transfer-encoding: chunked", expected: .none),
    Framing(method: .head, status: 200, fields: "a: b", expected: .none),
    Framing(method: .get, status: 204, fields: "content-length: 2", expected: .none),
    Framing(method: .get, status: 204, fields: "transfer-encoding: chunked", expected: .none),
    Framing(method: .get, status: 304, fields: "content-length: 2", expected: .none),
    Framing(method: .get, status: 205, fields: "content-length: 0", expected: .none),
    Framing(method: .get, status: 100, fields: "content-length: 2", expected: .none),
    Framing(method: .connect, status: 200, fields: "content-length: 2", expected: .none,
      keepAlive: false),
    Framing(method: .connect, status: 299, fields: "a: b", expected: .none, keepAlive: false),
    Framing(method: .connect, status: 300, fields: "content-length: 2", expected: .length(2)),
    Framing(method: .connect, status: 404, fields: "content-length: 2", expected: .length(2)),
  ]

  @Test(arguments: framings)
  func framing(_ row: Framing) throws {
    let head = try ResponseRun.head(
      "HTTP/1.1 \(row.status) x\r\n\(row.fields)\r\n\r\n", to: row.method)
    #expect(head.framing == row.expected)
    #expect(head.keepAlive == row.keepAlive)
    #expect(head.status.code == row.status)
  }

  @Test func responsesFollowOneAnother() {
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;x\r\nhi\r\n0\r\na: b\r\n\r\n"
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n"
    let trace = ResponseRun.trace(
      Self.ok + head + chunked + Self.ok, to: [.get, .head, .get, .put])
    #expect(trace.filter { $0 == Self.hi }.count == 3, "\(trace)")
    #expect(trace.heads.count == 4)
    #expect(trace.filter { $0 == .end(trailers: "a=b") }.count == 1)
    #expect(trace.filter { $0 == .end(trailers: "") }.count == 3)
    #expect(trace.last == .finished(nil))
  }

  @Test func contentUntilTheEnd() {
    let trace = ResponseRun.trace("HTTP/1.1 200 OK\r\n\r\nhi")
    #expect(Array(trace.dropFirst()) == [Self.hi, .end(trailers: ""), .finished(nil)])
    #expect(
      Array(ResponseRun.trace("HTTP/1.0 200 OK\r\n\r\n").dropFirst())
        == [.end(trailers: ""), .finished(nil)])
  }

  @Test func interimResponsesComeBeforeTheFinalOne() {
    let trace = ResponseRun.trace(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n" + Self.ok)
    #expect(
      trace.heads == [
        "100 interim http11 none keepAlive=true ",
        "103 interim http11 none keepAlive=true link=</x>",
        "200 http11 length(2) keepAlive=true content-length=2",
      ])
    #expect(trace.filter { $0 == .end(trailers: "") }.count == 1)
  }

  @Test func interimResponsesAreCounted() {
    let interim = "HTTP/1.1 102 x\r\n\r\n"
    var limits = HTTPLimits()
    limits.interimResponsesMax = 2
    let most = ResponseRun.trace(interim + interim + Self.ok, limits: limits)
    #expect(most.error == nil && most.heads.count == 3)
    let more = ResponseRun.trace(interim + interim + interim + Self.ok, limits: limits)
    #expect(more.error == .tooManyInterimResponses && more.heads.count == 2)
    // Each response counts its own.
    let two = interim + interim + Self.ok
    #expect(ResponseRun.trace(two + two, to: [.get, .get], limits: limits).error == nil)
  }

  @Test func upgradesAreRefused() {
    let trace = ResponseRun.trace("HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n")
    #expect(trace == [.error(.unexpectedUpgrade)])
  }

  @Test func bytesThatNobodyAskedForAreAnError() {
    #expect(ResponseRun.trace("H", to: []) == [.error(.unsolicitedResponse)])
    #expect(ResponseRun.trace("", to: []) == [.finished(nil)])
    let trace = ResponseRun.trace(Self.ok + Self.ok)
    #expect(trace.suffix(2) == [.end(trailers: ""), .error(.unsolicitedResponse)])
    // More than a length says, too.
    #expect(ResponseRun.trace(Self.ok + "!").last == .error(.unsolicitedResponse))
    let empty = "HTTP/1.1 204 No Content\r\ncontent-length: 1\r\n\r\n!"
    #expect(ResponseRun.trace(empty).last == .error(.unsolicitedResponse))
  }

  @Test(arguments: [
    ("", HTTPProtocolError.truncatedHead), ("H", .truncatedHead), ("\r", .truncatedHead),
    ("HTTP/1.1 200 OK\r\n", .truncatedHead), ("HTTP/1.1 200 OK\r\na: b\r\n\r", .truncatedHead),
    ("HTTP/1.1 100 Continue\r\n\r\n", .truncatedHead),
    ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n", .truncatedBody),
    ("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nh", .truncatedBody),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", .truncatedBody),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n", .truncatedBody),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n", .truncatedBody),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\na: b\r\n", .truncatedBody),
  ])
  func anEarlyEnd(_ text: String, _ error: HTTPProtocolError) {
    #expect(ResponseRun.trace(text).last == .finished(error))
  }

  @Test(arguments: [
    ("1.1", "", true), ("1.1", "connection: close\r\n", false),
    ("1.1", "Connection: x, CLOSE\r\n", false), ("1.0", "", false),
    ("1.0", "connection: keep-alive\r\n", true),
    ("1.0", "connection: keep-alive\r\nconnection: close\r\n", false), ("1.2", "", true),
  ])
  func persistence(_ version: String, _ fields: String, _ expected: Bool) throws {
    let head = try ResponseRun.head(
      "HTTP/\(version) 200 OK\r\ncontent-length: 0\r\n\(fields)\r\n")
    #expect(head.keepAlive == expected)
    #expect(head.version == (version == "1.0" ? .http10 : .http11))
  }

  @Test func whereItStandsInAResponse() throws {
    var decoder = ResponseDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    func feed(_ text: String) throws -> Bool {
      queue.append(text)
      _ = try decoder.next(&queue)
      return decoder.hasBegun
    }
    #expect(!decoder.hasBegun)
    decoder.begin(.get)
    #expect(!decoder.hasBegun)
    #expect(try !feed(""))
    #expect(try feed("H"))
    #expect(try feed("TTP/1.1 103 x\r\n\r\n"))
    // Behind an interim response, before any byte of the next.
    #expect(try feed(""))
    #expect(try feed("HTTP/1.1 200 x\r\n"))
    #expect(try feed("content-length: 1\r\n\r\n"))
    #expect(try feed("x"))
    queue.consume(1)
    #expect(try !feed(""))

    var silent = ResponseDecoder(limits: HTTPLimits())
    silent.begin(.get)
    #expect(throws: HTTPProtocolError.truncatedHead) { try silent.finish() }
    #expect(!silent.hasBegun)
    var garbage = ResponseDecoder(limits: HTTPLimits())
    garbage.begin(.get)
    queue.removeAll()
    queue.append("\n" as StaticString)
    #expect(throws: HTTPProtocolError.badLineEnd) { try garbage.next(&queue) }
    #expect(garbage.hasBegun)
  }

  @Test func aResponseIsAnnouncedWhenTheOneBeforeIsComplete() async {
    await #expect(processExitsWith: .failure) {
      var decoder = ResponseDecoder(limits: HTTPLimits())
      decoder.begin(.get)
      decoder.begin(.get)
    }
  }

  @Test func aHeadThatIsKeptDoesNotChange() throws {
    var decoder = ResponseDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    var kept: [ResponseHead] = []
    for index in 0..<4 {
      decoder.begin(.get)
      queue.append("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nage: \(index)\r\n\r\n")
      guard case .head(let head) = try decoder.next(&queue) else {
        throw HTTPProtocolError.truncatedHead
      }
      if index.isMultiple(of: 2) { kept.append(head) }
      _ = try decoder.next(&queue)
    }
    #expect(kept.map { $0[.age] } == ["0", "2"])
    #expect(kept.map(\.fieldCount) == [2, 2])
    let response = kept[1].httpResponse
    #expect(response.status == .ok && response.headerFields[.age] == "2")
  }
}

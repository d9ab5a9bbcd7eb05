import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// What breaks a rule or a limit: its answer, once, and nothing behind it.
@Suite(.timeLimit(.minutes(1))) struct RefusalTests {
  struct Row: Sendable {
    let request: String
    let status: Int
    let fault: HTTPProtocolError?

    init(_ request: String, _ status: Int, _ fault: HTTPProtocolError?) {
      self.request = request
      self.status = status
      self.fault = fault
    }
  }

  /// `text` padded with `x` to `count` bytes, in place of `*`.
  private static func padded(_ text: String, _ count: Int) -> String {
    let padding = String(repeating: "x", count: count - text.utf8.count + 1)
    return text.replacing("*", with: padding)
  }

  private static let host = "host: h\r\n"

  /// Limits: a line of 40 bytes, fields of 100 bytes, 4 of them, 10 bytes of content, 20 of trailers.
  private static func limit(_ limits: inout HTTPLimits) {
    limits.requestLineBytesMax = 40
    limits.fieldSectionBytesMax = 100
    limits.fieldCountMax = 4
    limits.bodyBytesMax = 10
    limits.trailerBytesMax = 20
    limits.trailerCountMax = 1
    limits.chunkExtensionBytesMax = 3
  }

  private static func chunked(_ wire: String) -> String {
    "POST / HTTP/1.1\r\n\(host)transfer-encoding: chunked\r\n\r\n\(wire)"
  }

  static let edges = [
    Row(padded("GET /?* HTTP/1.1", 40) + "\r\n\(host)\r\n", 200, nil),
    Row(padded("GET /?* HTTP/1.1", 41) + "\r\n\(host)\r\n", 414, .requestLineTooLong),
    Row("GET / HTTP/1.1\r\n" + padded("\(host)a: *\r\n", 100) + "\r\n", 200, nil),
    Row("GET / HTTP/1.1\r\n" + padded("\(host)a: *\r\n", 101) + "\r\n", 431, .fieldsTooLarge),
    Row("GET / HTTP/1.1\r\n\(host)a:\r\nb:\r\nc:\r\n\r\n", 200, nil),
    Row("GET / HTTP/1.1\r\n\(host)a:\r\nb:\r\nc:\r\nd:\r\n\r\n", 431, .tooManyFields),
    Row("POST / HTTP/1.1\r\n\(host)content-length: 10\r\n\r\n1234567890", 200, nil),
    Row("POST / HTTP/1.1\r\n\(host)content-length: 11\r\n\r\n", 413, .contentTooLarge),
    Row(chunked("5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n"), 200, nil),
    Row(chunked("5\r\n12345\r\n6\r\n"), 413, .contentTooLarge),
    Row(chunked("1;ab\r\nx\r\n0\r\n\r\n"), 200, nil),
    Row(chunked("1;abc\r\n"), 400, .chunkExtensionsTooLarge),
    Row(chunked("0\r\n" + padded("a: *\r\n", 20) + "\r\n"), 200, nil),
    Row(chunked("0\r\n" + padded("a: *\r\n", 21) + "\r\n"), 431, .trailersTooLarge),
    Row(chunked("0\r\na:\r\nb:\r\n\r\n"), 431, .tooManyTrailers),
    Row("\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", 200, nil),
    Row("\r\n\r\n\r\nGET / HTTP/1.1\r\n\(host)\r\n", 400, .badRequestLine),
  ]

  static let violations = [
    Row("nonsense\r\n\r\n", 400, .badRequestLine),
    Row("GET / HTTP/1.1\n\(host)\r\n", 400, .badLineEnd),
    Row("GET nowhere HTTP/1.1\r\n\(host)\r\n", 400, .badTarget),
    Row("GET / HTTP/2.0\r\n\(host)\r\n", 505, .unsupportedVersion),
    Row("GET / HTTP/1.1\r\n\r\n", 400, .badHost),
    Row("GET / HTTP/1.1\r\n\(host)\(host)\r\n", 400, .badHost),
    Row("GET / HTTP/1.1\r\n\(host)a : b\r\n\r\n", 400, .badField),
    Row("GET / HTTP/1.1\r\n\(host)expect: magic\r\n\r\n", 417, .unknownExpectation),
    Row("POST / HTTP/1.1\r\n\(host)transfer-encoding: gzip, chunked\r\n\r\n", 501,
      .unknownTransferCoding),
    Row("POST / HTTP/1.1\r\n\(host)content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", 400,
      .badTransferEncoding),
    Row("POST / HTTP/1.1\r\n\(host)content-length: 1\r\ncontent-length: 2\r\n\r\n", 400,
      .badContentLength),
    Row(chunked("zz\r\n"), 400, .badChunk),
    Row(chunked("0\r\nhost: x\r\n\r\n"), 400, .badTrailer),
  ]

  private static func routes(_ router: inout Router) {
    router.add("/", "fine")
    router.add(.post, "/") { request in
      _ = try await request.body.collect()
      return .text("fine")
    }
  }

  private static func expectRefusal(_ answer: WireClient.Response, _ row: Row) {
    #expect(answer.status == row.status)
    #expect(answer["connection"] == "close" && answer["content-type"] == "application/json")
    #expect(answer.body.hasPrefix(#"{"detail":""#) && answer.body.hasSuffix(#""}"#))
    #expect(answer["date"] != nil && answer["server"] == "ostack")
  }

  /// Exactly as much as a limit passes; one more is refused with the limit's own answer.
  @Test(arguments: edges + violations)
  func isAnswered(_ row: Row) async throws {
    let faults = Locked<[String]>([])
    try await LiveServer.run(onPeerFault: { fault in
      if case .protocolViolation(let violation) = fault {
        faults.update { $0.append(violation.label) }
      }
    }, configure: {
      Self.limit(&$0.limits)
    }) { Self.routes(&$0) } _: { server in
      try await server.talk { client in
        try client.send(row.request)
        let answer = try client.response()
        guard row.fault != nil else {
          #expect(answer.status == 200 && answer.body == "fine" && answer["connection"] == nil)
          return
        }
        Self.expectRefusal(answer, row)
        #expect(try client.rest() == "")
      }
      #expect(faults.value == (row.fault.map { [$0.label] } ?? []))
      #expect(await server.settle(connections: 0))
    }
  }

  /// Behind a doubt nothing is read, and what came before it is answered: in one piece, and one
  /// after the other.
  @Test(arguments: violations, [false, true])
  func nothingBehindItIsAnswered(_ row: Row, isInOnePiece: Bool) async throws {
    try await LiveServer.run(configure: {
      Self.limit(&$0.limits)
    }) { Self.routes(&$0) } _: { server in
      try await server.talk { client in
        let good = "GET / HTTP/1.1\r\n\(Self.host)\r\n"
        if isInOnePiece {
          try client.send(good + good + row.request + good + good)
        } else {
          for part in [good, good, row.request] { try client.send(part) }
        }
        for _ in 0..<2 { #expect(try client.response().body == "fine") }
        Self.expectRefusal(try client.response(), row)
        if !isInOnePiece { try? client.send(good) }
        #expect(try client.rest() == "")
      }
    }
  }

  /// A fault that a handler meets while it reads is answered by the connection, not by the handler.
  @Test func aHandlerLetsAFaultPass() async throws {
    let seen = Locked<[String]>([])
    try await LiveServer.run { router in
      router.add(.post, "/") { request in
        do {
          return .text("\(try await request.body.collect().count)")
        } catch {
          seen.update { $0.append("\(error)") }
          throw error
        }
      }
    } _: { server in
      try await server.talk { client in
        try client.send(Self.chunked("zz\r\n"))
        #expect(try client.response().status == 400)
      }
      #expect(seen.value == ["the peer broke the protocol: bad_chunk (400)"])
    }
  }

  /// Content that turns out to be too large while the answer is being sent: too late for another.
  @Test func anAnswerThatHasBegunIsNotFollowedByARefusal() async throws {
    try await LiveServer.run(configure: {
      Self.limit(&$0.limits)
    }) { router in
      router.add(.post, "/") { request in
        let content = Confined(request.body)
        return ServerResponse(body: .stream(StreamedBody { writer in
          while let piece = try await content.value.next() { try await writer.write(piece) }
        }))
      }
    } _: { server in
      try await server.talk { client in
        try client.send(Self.chunked("5\r\n12345\r\n6\r\n123456\r\n0\r\n\r\n"))
        let rest = try client.rest()
        #expect(rest.hasPrefix("HTTP/1.1 200 OK\r\n") && rest.hasSuffix("\r\n\r\n5\r\n12345\r\n"))
      }
    }
  }

  @Test func errorsAreDescribed() {
    let rows: [(HTTPServerError, Bool, Int?)] = [
      (.protocolViolation(.badHost), true, 400), (.requestTimedOut, true, 408),
      (.handshakeFailed(.timedOut), true, nil), (.disconnected(.closed), false, nil),
      (.invalidResponse(.invalidOwnField), false, 500),
    ]
    for (error, isPeerFault, status) in rows {
      #expect(error.isPeerFault == isPeerFault && error.status?.code == status)
      #expect(!error.description.isEmpty)
    }
    #expect(Set(rows.map { $0.0.description }).count == rows.count)
  }
}

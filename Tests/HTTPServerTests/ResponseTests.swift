import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct ResponseTests {
  private struct Refused: Error {}

  private static func pieces(_ pieces: String...) -> ServerResponse.Body {
    .stream(StreamedBody { writer in
      for piece in pieces { try await writer.write(Array(piece.utf8)) }
    })
  }

  private static func addStreams(_ router: inout Router) {
    router.add(.get, "/pieces") { _ in
      ServerResponse(contentType: "text/plain", body: pieces("one ", "", "two ", "three"))
    }
    router.add(.get, "/empty") { _ in ServerResponse(body: pieces()) }
    router.add(.get, "/broken") { _ in
      ServerResponse(body: .stream(StreamedBody { writer in
        try await writer.write(Array("partial".utf8))
        throw Refused()
      }))
    }
    router.add("/", "hello")
  }

  // MARK: Streams

  @Test func aStreamIsSentInChunks() async throws {
    try await LiveServer.run { Self.addStreams(&$0) } _: { server in
      try await server.talk { client in
        try client.get("/pieces")
        let answer = try client.response()
        #expect(answer.body == "one two three" && answer["transfer-encoding"] == "chunked")
        #expect(answer["content-length"] == nil && answer["connection"] == nil)
        try client.get("/empty")
        #expect(try client.response().body == "")
        try client.get("/")
        #expect(try client.response().body == "hello")
      }
    }
  }

  /// HTTP/1.0 knows no chunks: the end of the connection is the end of the content, even where the
  /// client would keep it.
  @Test(arguments: ["", "connection: keep-alive\r\n"])
  func aStreamForAnOldClientEndsByClosing(_ fields: String) async throws {
    try await LiveServer.run { Self.addStreams(&$0) } _: { server in
      for method in ["GET", "HEAD"] {
        try await server.talk { client in
          try client.send("\(method) /pieces HTTP/1.0\r\n\(fields)\r\n")
          let answer = try client.response(isToHead: method == "HEAD")
          #expect(answer["connection"] == "close" && answer["transfer-encoding"] == nil)
          #expect(answer["content-length"] == nil)
          #expect(answer.body == (method == "HEAD" ? "" : "one two three"))
          #expect(try client.rest() == "")
        }
      }
    }
  }

  /// The client can tell a broken response from a complete one.
  @Test func aBrokenStreamIsNotEnded() async throws {
    try await LiveServer.run { Self.addStreams(&$0) } _: { server in
      try await server.talk { client in
        try client.get("/")
        try client.get("/broken")
        try client.get("/")
        // What was answered before it is not lost.
        #expect(try client.response().body == "hello")
        let rest = try client.rest()
        #expect(rest.hasSuffix("\r\n\r\n7\r\npartial\r\n") && rest.hasPrefix("HTTP/1.1 200 OK\r\n"))
      }
      try await server.talk { client in
        try client.send("GET /broken HTTP/1.0\r\n\r\n")
        do {
          _ = try client.rest()
          Issue.record("that looked like a complete response")
        } catch let failure as RawSocket.Failure {
          #expect(failure.isReset)
        }
      }
      #expect(await server.settle(connections: 0))
    }
  }

  /// Pieces do not wait in the server while their successor takes its time.
  @Test func piecesArriveWhileTheNextIsAwaited() async throws {
    let gates = [Gate(), Gate()]
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        ServerResponse(body: .stream(StreamedBody { writer in
          for (index, gate) in gates.enumerated() {
            try await writer.write(Array("piece \(index)".utf8))
            await gate.passed()
          }
        }))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        var text = ""
        for (index, gate) in gates.enumerated() {
          while !text.contains("piece \(index)") {
            text += String(decoding: try client.socket.receive(), as: UTF8.self)
          }
          gate.open()
        }
        while !text.hasSuffix("0\r\n\r\n") {
          text += String(decoding: try client.socket.receive(), as: UTF8.self)
        }
      }
    }
  }

  @Test func aStreamMayComeFromASequence() async throws {
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        let (pieces, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        for piece in ["a", "b"] { continuation.yield(Array(piece.utf8)) }
        continuation.finish()
        return ServerResponse(body: .stream(StreamedBody(pieces)))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().body == "ab")
      }
    }
  }

  // MARK: No content

  @Test(arguments: [204, 304])
  func someStatusesHaveNoContent(_ code: Int) async throws {
    let abandoned = Locked(0)
    try await LiveServer.run { router in
      router.add(.get, "/bytes") { _ in .text("never", status: .init(code: code)) }
      router.add(.get, "/stream") { _ in
        ServerResponse(
          status: .init(code: code),
          body: .stream(StreamedBody(
            produce: { try await $0.write(Array("never".utf8)) },
            abandon: { abandoned.update { $0 += 1 } })))
      }
      router.add("/", "hello")
    } _: { server in
      try await server.talk { client in
        for target in ["/bytes", "/stream"] {
          try client.get(target)
          try client.get("/")
          let answer = try client.response()
          #expect(answer.status == code)
          #expect(answer["content-length"] == nil && answer["transfer-encoding"] == nil)
          // Nothing lies between it and the next.
          #expect(try client.response().body == "hello")
        }
      }
      #expect(abandoned.value == 1)
    }
  }

  @Test func aStreamThatHeadDoesNotWantIsAbandoned() async throws {
    let events = Locked<[String]>([])
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        ServerResponse(body: .stream(StreamedBody(
          produce: { _ in events.update { $0.append("produced") } },
          abandon: { events.update { $0.append("abandoned") } })))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/", method: "HEAD")
        #expect(try client.response(isToHead: true)["transfer-encoding"] == "chunked")
        try client.get("/")
        #expect(try client.response().body == "")
      }
      #expect(events.value == ["abandoned", "produced"])
    }
  }

  // MARK: Defects of handlers

  @Test func anErrorIsAnswered500AndTheConnectionGoesOn() async throws {
    try await LiveServer.run { router in
      router.add(.get, "/throws") { _ in throw Refused() }
      router.add(.post, "/throws") { _ in throw Refused() }
      router.add("/", "hello")
    } _: { server in
      try await server.talk { client in
        try client.get("/throws")
        let answer = try client.response()
        #expect(answer.line == "HTTP/1.1 500 Internal Server Error" && answer["connection"] == nil)
        #expect(answer["content-type"] == "application/json")
        #expect(answer.body == #"{"detail":"Internal Server Error"}"#)
        try client.post("/throws", "content that nobody reads")
        #expect(try client.response().status == 500)
        try client.get("/")
        #expect(try client.response().body == "hello")
      }
    }
  }

  @Test(arguments: ["content-length", "transfer-encoding", "connection"])
  func framingIsNotTheHandlers(_ name: String) async throws {
    let field = HTTPField(name: try #require(HTTPField.Name(name)), value: "1")
    let abandoned = Locked(0)
    try await LiveServer.run { router in
      router.add(.get, "/bytes") { _ in
        ServerResponse(fields: [field], body: .bytes(Array("never".utf8)))
      }
      router.add(.get, "/stream") { _ in
        ServerResponse(fields: [field], body: .stream(StreamedBody(
          produce: { try await $0.write(Array("never".utf8)) },
          abandon: { abandoned.update { $0 += 1 } })))
      }
    } _: { server in
      for target in ["/bytes", "/stream"] {
        try await server.talk { client in
          try client.get(target)
          try client.get(target)
          let answer = try client.response()
          #expect(answer.status == 500 && answer["connection"] == "close")
          #expect(answer.body == #"{"detail":"Internal Server Error"}"#)
          #expect(answer.fields.count { $0.name == name } == (name == "transfer-encoding" ? 0 : 1))
          #expect(try client.rest() == "")
        }
      }
      #expect(abandoned.value == 1)
    }
  }

  /// An interim response would be followed by the answer to something else.
  @Test(arguments: [100, 101, 199])
  func anInterimStatusIsNoAnswer(_ code: Int) async throws {
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in .text("x", status: .init(code: code)) }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().status == 500)
        #expect(try client.rest() == "")
      }
    }
  }
}

import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct RequestBodyTests {
  private static let chunkedHead =
    "POST /echo HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"

  @Test func contentInChunks() async throws {
    try await LiveServer.run { $0.addEcho() } _: { server in
      try await server.talk { client in
        for _ in 0..<2 {
          try client.send(Self.chunkedHead + "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nt: u\r\n\r\n")
          #expect(try client.response().body == "abc0123456789")
        }
        try client.send(Self.chunkedHead + "0\r\n\r\n")
        #expect(try client.response().body == "")
      }
    }
  }

  @Test func contentThatComesByteByByte() async throws {
    try await LiveServer.run { $0.addEcho() } _: { server in
      try await server.talk { client in
        for byte in (Self.chunkedHead + "3\r\nabc\r\n0\r\n\r\n").utf8 { try client.socket.send([byte]) }
        #expect(try client.response().body == "abc")
      }
    }
  }

  /// What a handler does not read holds its client back.
  @Test func contentIsReadAsTheHandlerAsksForIt() async throws {
    let gate = Gate()
    let total = 30_000_000
    try await LiveServer.run(configure: {
      $0.limits.bodyBytesMax = total
    }) { router in
      router.add(.post, "/") { request in
        let first = try await request.body.next()
        await gate.passed()
        var count = first?.count ?? 0
        var largest = 0
        while let piece = try await request.body.next() {
          count += piece.count
          largest = max(largest, piece.count)
        }
        return .text("\(count) \(largest <= 16_384)")
      }
    } _: { server in
      try await server.talk { client in
        try client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: \(total)\r\n\r\n")
        let piece = [UInt8](repeating: 7, count: 65_536)
        var sent = 0
        // Until the kernel's buffers are full: nothing moves, however often it is tried.
        var refusals = 0
        while refusals < 20 {
          let taken = try client.socket.sendNow(piece)
          sent += taken
          refusals = taken == 0 ? refusals + 1 : 0
          if taken == 0 { _ = client.socket.isReadable(withinMilliseconds: 5) }
        }
        #expect(sent < total)
        gate.open()
        try client.socket.send([UInt8](repeating: 7, count: total - sent))
        #expect(try client.response().body == "\(total) true")
      }
    }
  }

  // MARK: 100 (Continue)

  @Test func continueIsSentWhenTheHandlerReads() async throws {
    let gate = Gate()
    try await LiveServer.run { router in
      router.add(.post, "/") { request in
        await gate.passed()
        return .text("\(try await request.body.collect().count)")
      }
    } _: { server in
      try await server.talk { client in
        for content in ["12345", "678"] {
          try client.send(
            """
            POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\n\
            content-length: \(content.utf8.count)\r\n\r\n
            """)
          if !gate.isOpen {
            #expect(!client.socket.isReadable(withinMilliseconds: 30))
            gate.open()
          }
          #expect(try client.response().line == "HTTP/1.1 100 Continue")
          try client.send(content)
          #expect(try client.response().body == "\(content.utf8.count)")
        }
      }
    }
  }

  /// A client that was not told to go on may send its content or not: there is no telling what
  /// follows, so nothing may.
  @Test func whoIsNotToldToGoOnIsAnsweredAndLeft() async throws {
    try await LiveServer.run { $0.add("/", "no", .post) } _: { server in
      try await server.talk { client in
        try client.send(
          "POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n")
        let answer = try client.response()
        #expect(answer.body == "no" && answer["connection"] == "close")
        #expect(try client.rest() == "")
      }
    }
  }

  @Test func contentThatIsThereNeedsNoContinue() async throws {
    try await LiveServer.run { $0.addEcho() } _: { server in
      try await server.talk { client in
        try client.send(
          "POST /echo HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n12345")
        let answer = try client.response()
        #expect(answer.status == 200 && answer.body == "12345" && answer["connection"] == nil)
        // Without content nothing is to be continued.
        try client.get("/none", "expect: 100-continue\r\n")
        #expect(try client.response().status == 404)
      }
    }
  }

  // MARK: Content that nobody reads

  @Test func unreadContentIsNoRequest() async throws {
    try await LiveServer.run { router in
      router.add("/ignore", "ignored", .post)
      router.add(.post, "/taste") { request in
        _ = try await request.body.next()
        return .text("tasted")
      }
      router.add("/smuggled", "smuggled")
      router.add("/next", "next")
    } _: { server in
      let inner = "GET /smuggled HTTP/1.1\r\nhost: h\r\n\r\n"
      try await server.talk { client in
        for target in ["/ignore", "/taste"] {
          try client.post(target, inner + inner)
          try client.get("/next")
          #expect(try client.response().body == String(target.dropFirst()) + "d")
          #expect(try client.response().body == "next")
          // The rest comes only behind the answer.
          try client.send("POST \(target) HTTP/1.1\r\nhost: h\r\ncontent-length: 60000\r\n\r\n1")
          #expect(try client.response().body == String(target.dropFirst()) + "d")
          try client.send(String(repeating: "2", count: 59_999))
          try client.get("/next")
          #expect(try client.response().body == "next")
        }
      }
    }
  }

  /// As much as is skipped at the most, and one byte more; of content whose length is announced the
  /// answer says that the connection ends with it.
  @Test(arguments: [0, 1])
  func aLongRestCostsTheConnection(_ more: Int) async throws {
    let count = ServerConnection.skippedBytesMax + more
    try await LiveServer.run { router in
      router.add("/", "done", .post)
      router.add("/next", "next")
    } _: { server in
      try await server.talk { client in
        try client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: \(count)\r\n\r\n")
        let answer = try client.response()
        #expect(answer.body == "done" && answer["connection"] == (more == 0 ? nil : "close"))
        guard more == 0 else {
          #expect(try client.rest() == "")
          return
        }
        try client.send(String(repeating: "x", count: count))
        try client.get("/next")
        #expect(try client.response().body == "next")
      }
      try await server.talk { client in
        try client.send(
          """
          POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n\
          \(String(count, radix: 16))\r\n\(String(repeating: "x", count: count))\r\n0\r\n\r\n
          """)
        try client.get("/next")
        #expect(try client.response().body == "done")
        if more == 0 {
          #expect(try client.response().body == "next")
        } else {
          #expect(try client.rest() == "")
        }
      }
    }
  }

  /// Content that breaks a rule behind an answer that was given without it.
  @Test func theAnswerIsSentEvenIfTheUnreadRestIsFaulty() async throws {
    try await LiveServer.run { $0.add("/", "done", .post) } _: { server in
      try await server.talk { client in
        try client.send(
          "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\nzz\r\n")
        #expect(try client.response().body == "done")
        #expect(try client.rest() == "")
      }
    }
  }

  @Test func aHandlerMayAnswerInSpiteOfFaultyContent() async throws {
    try await LiveServer.run { router in
      router.add(.post, "/") { request in
        do {
          return .text("\(try await request.body.collect().count)")
        } catch {
          return .text("faulty", status: .unprocessableContent)
        }
      }
    } _: { server in
      try await server.talk { client in
        try client.send(
          "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxx\r\n")
        try client.get("/")
        #expect(try client.response().body == "faulty")
        #expect(try client.rest() == "")
      }
    }
  }

  /// The content of an earlier request is over, whoever has kept it.
  @Test func aBodyEndsWithItsRequest() async throws {
    let kept = Kept()
    try await LiveServer.run { router in
      router.add(.post, "/keep") { request in
        kept.body = request.body
        return .text("\(request.body.isComplete)")
      }
      router.add(.post, "/read") { request in
        let other = try await kept.body?.next()
        let own = try await request.body.collect()
        return .text("\(other == nil) \(kept.body?.isComplete == true) \(own.count)")
      }
    } _: { server in
      try await server.talk { client in
        try client.post("/keep", "12345")
        try client.post("/read", "123")
        #expect(try client.response().body == "false")
        #expect(try client.response().body == "true true 3")
      }
    }
  }

  // MARK: Clients that leave

  @Test(arguments: [false, true])
  func aClientThatLeavesInsideItsContent(isReset: Bool) async throws {
    let seen = Locked<[String]>([])
    try await LiveServer.run { router in
      router.add(.post, "/") { request in
        do throws(HTTPServerError) {
          return .text("\(try await request.body.collect().count)")
        } catch {
          if case .disconnected = error { seen.update { $0.append("disconnected") } }
          throw error
        }
      }
    } _: { server in
      try await server.talk { client in
        try client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\n12345")
        if isReset { client.socket.resetOnClose() }
      }
      #expect(await server.settle(connections: 0))
      #expect(seen.value == ["disconnected"])
      #expect(Descriptors.settle(1) { Descriptors.count(localPort: server.port) } == 1)
    }
  }

  /// Used on one loop.
  private final class Kept: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: the handlers of one connection run on its loop.
    var body: RequestBody?
  }
}

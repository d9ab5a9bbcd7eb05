import Glibc
import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// Clients that are slow to take their answers, or leave in the middle of one.
@Suite(.timeLimit(.minutes(1))) struct SlowClientTests {
  private static let total = 20_000_000

  private static func addLarge(
    _ router: inout Router, _ events: Locked<[String]>, _ begun: Gate = Gate()
  ) {
    router.add(.get, "/bytes") { _ in
      begun.open()
      return ServerResponse(body: .bytes([UInt8](repeating: 7, count: total)))
    }
    router.add(.get, "/stream") { _ in
      begun.open()
      return ServerResponse(body: .stream(StreamedBody { writer in
        do {
          for _ in 0..<(total / 10_000) {
            try await writer.write([UInt8](repeating: 7, count: 10_000))
          }
          events.update { $0.append("written") }
        } catch {
          if case HTTPServerError.disconnected = error { events.update { $0.append("disconnected") } }
          throw error
        }
      }))
    }
    router.add("/", "hello")
  }

  @Test(arguments: ["/bytes", "/stream"])
  func aSlowReaderGetsEverything(_ target: String) async throws {
    let events = Locked<[String]>([])
    try await LiveServer.run { Self.addLarge(&$0, events) } _: { server in
      let loop = server.loop
      try await server.talk(receiveBufferBytes: 4_096) { client in
        try client.get(target, "connection: close\r\n")
        // Meanwhile the loop is free for others.
        #expect(client.socket.isReadable(withinMilliseconds: 30_000))
        let isFree = await loop.run { true }
        #expect(isFree)
        let response = try client.rest()
        #expect(response.utf8.count { $0 == 7 } == Self.total)
      }
      #expect(await server.settle(connections: 0))
      #expect(events.value == (target == "/stream" ? ["written"] : []))
    }
  }

  /// A producer waits for its reader: it does not pile up in memory what nobody takes.
  @Test func aStreamWaitsForItsReader() async throws {
    let written = Locked(0)
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        ServerResponse(body: .stream(StreamedBody { writer in
          for _ in 0..<2_000 {
            try await writer.write([UInt8](repeating: 7, count: 10_000))
            written.update { $0 += 1 }
          }
        }))
      }
    } _: { server in
      try await server.talk(receiveBufferBytes: 4_096) { client in
        try client.get("/", "connection: close\r\n")
        #expect(client.socket.isReadable(withinMilliseconds: 30_000))
        var before = -1
        while before != written.value {
          before = written.value
          _ = client.socket.waitForHangUp(milliseconds: 50)
        }
        #expect(before < 2_000)
        #expect(try client.rest().utf8.count { $0 == 7 } == 2_000 * 10_000)
      }
      #expect(written.value == 2_000)
    }
  }

  /// A client that takes nothing for too long is left, whether or not it has ended its own half.
  @Test(arguments: [false, true], ["/bytes", "/stream"])
  func aClientThatTakesNothingIsLeft(hasEndedItsHalf: Bool, _ target: String) async throws {
    let events = Locked<[String]>([])
    let begun = Gate()
    try await LiveServer.run(configure: {
      $0.writeTimeout = .milliseconds(50)
    }) { Self.addLarge(&$0, events, begun) } _: { server in
      let loop = server.loop
      let left = Gate()
      async let client: Void = server.talk(receiveBufferBytes: 4_096) { client in
        try client.get(target)
        if hasEndedItsHalf { client.socket.endWriting() }
        #expect(left.block())
        // It reads what the kernel had taken, and then that there is no more.
        #expect((try? client.rest().utf8.count { $0 == 7 }) ?? 0 < Self.total)
      }
      await begun.passed()
      #expect(await server.settle(connections: 0))
      #expect(await loop.run { true })
      left.open()
      try await client
      #expect(events.value == (target == "/stream" ? ["disconnected"] : []))
    }
  }

  /// A client that takes something now and then, and is too slow all the same.
  @Test(arguments: [0, 1_000_000_000])
  func aClientThatTakesTooLittleIsLeft(_ bytesPerSecondMin: Int) async throws {
    let events = Locked<[String]>([])
    try await LiveServer.run(configure: {
      // The time to begin with, and the longest that nothing may be taken.
      $0.writeTimeout = bytesPerSecondMin == 0 ? .seconds(10) : .milliseconds(300)
      $0.writeBytesPerSecondMin = bytesPerSecondMin
    }) { Self.addLarge(&$0, events) } _: { server in
      let received = try await server.talk(receiveBufferBytes: 65_536) { client in
        try client.get("/bytes", "connection: close\r\n")
        var received = 0
        do {
          while true {
            let bytes = try client.socket.receive(atMost: 65_536)
            if bytes.isEmpty { return received }
            // A pause behind each million: much less than would be too long by itself.
            if (received + bytes.count) / 1_000_000 > received / 1_000_000 {
              poll(nil, 0, 50)
            }
            received += bytes.count
          }
        } catch let failure as RawSocket.Failure where failure.isReset {
          return -1
        }
      }
      #expect((received >= Self.total) == (bytesPerSecondMin == 0))
      #expect((received == -1) == (bytesPerSecondMin > 0))
    }
  }

  /// What waits for slow clients is bounded over all of them; the others notice nothing.
  @Test func whatWaitsForSlowClientsIsBounded() async throws {
    let events = Locked<[String]>([])
    try await LiveServer.run(configure: {
      $0.waitingBytesMax = 100_000
    }) { Self.addLarge(&$0, events) } _: { server in
      for target in ["/bytes", "/stream"] {
        try await server.talk(receiveBufferBytes: 4_096) { client in
          try client.get(target, "connection: close\r\n")
          guard target == "/bytes" else {
            // A stream never has more than one buffer waiting.
            #expect(try client.rest().utf8.count { $0 == 7 } == Self.total)
            return
          }
          #expect(throws: RawSocket.Failure.self) { try client.rest() }
        }
        try await server.talk { client in
          try client.get("/")
          #expect(try client.response().body == "hello")
        }
      }
    }
  }

  @Test(arguments: [false, true])
  func aClientThatLeavesInsideAnAnswer(isReset: Bool) async throws {
    let events = Locked<[String]>([])
    try await LiveServer.run { Self.addLarge(&$0, events) } _: { server in
      try await server.talk(receiveBufferBytes: 4_096) { client in
        try client.get("/stream")
        _ = try client.socket.receive(atMost: 1_000)
        if isReset { client.socket.resetOnClose() }
      }
      #expect(await server.settle(connections: 0))
      #expect(events.value == ["disconnected"])
      #expect(Descriptors.settle(1) { Descriptors.count(localPort: server.port) } == 1)
      // The server lives on.
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().body == "hello")
      }
    }
  }

  /// A client that leaves while its request is worked on: the handler is let finish, and its answer
  /// is thrown away.
  @Test func aClientThatLeavesBeforeItsAnswer() async throws {
    let (begun, gate) = (Gate(), Gate())
    let answered = Gate()
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        begun.open()
        await gate.passed()
        answered.open()
        return .text("too late")
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        await begun.passed()
        client.socket.resetOnClose()
      }
      gate.open()
      await answered.passed()
      #expect(await server.settle(connections: 0))
    }
  }

  /// The end of a connection waits for what the client still sends, so that no reset destroys the
  /// last answer; but not for ever, and not for every amount.
  @Test func theLastAnswerSurvivesWhatTheClientStillSends() async throws {
    try await LiveServer.run(configure: {
      $0.limits.bodyBytesMax = 1_000
      $0.lingerTimeout = .seconds(20)
    }) { $0.addEcho() } _: { server in
      try await server.talk { client in
        try client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 1001\r\n\r\n")
        // The refusal is under way; the client has not seen it yet and sends on.
        #expect(client.socket.isReadable(withinMilliseconds: 30_000))
        try client.send(String(repeating: "x", count: 900))
        client.socket.endWriting()
        #expect(try client.response().status == 413)
        #expect(try client.rest() == "")
      }
    }
  }

  @Test func aClientThatSendsForEverIsCut() async throws {
    try await LiveServer.run(configure: {
      $0.limits.bodyBytesMax = 100_000
      $0.lingerTimeout = .seconds(20)
    }) { $0.addEcho() } _: { server in
      try await server.talk { client in
        try client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 100001\r\n\r\n")
        do {
          for _ in 0..<1_000_000 { try client.send(String(repeating: "x", count: 100_000)) }
          Issue.record("it was let send a hundred gigabytes")
        } catch let failure as RawSocket.Failure {
          #expect(failure.isReset)
        }
      }
    }
  }

  @Test func aClientThatDoesNotEndIsLeftInTime() async throws {
    try await LiveServer.run(configure: {
      $0.lingerTimeout = .milliseconds(30)
    }) { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        try client.get("/", "connection: close\r\n")
        #expect(try client.response().body == "hello")
        #expect(try client.rest() == "")
        // Our half is still open; the server's socket is gone all the same.
        #expect(Descriptors.settle(1) { Descriptors.count(localPort: server.port) } == 1)
      }
    }
  }
}

import HTTP1
@testable import HTTPServer
import HTTPTypes
import InMemoryLogging
import InMemoryTracing
import Logging
import RawSockets
import Sockets
import Testing
import Tracing

/// Handlers that take too long: 503, and the connection is closed.
@Suite(.timeLimit(.minutes(1))) struct HandlerDeadlineTests {
  /// A handler that can be cancelled, and one that hears of nothing before it has ended.
  @Test(arguments: [true, false])
  func whoTakesTooLongIsAnsweredFor(hearsOfIt: Bool) async throws {
    let (gate, ended) = (Gate(), Gate())
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(30)
    }) { router in
      router.add(.get, "/slow") { _ in
        defer { ended.open() }
        if hearsOfIt {
          try await EventLoop.current?.sleep(until: .distantFuture)
        } else {
          await gate.passed()
          #expect(Task.isCancelled)
        }
        return .text("too late")
      }
      router.add("/quick", "quick")
    } _: { server in
      try await server.talk { client in
        // What waits behind it is not answered.
        try client.get("/slow")
        try client.get("/quick")
        let answer = try client.response()
        #expect(answer.status == 503 && answer.body == #"{"detail":"Service Unavailable"}"#)
        #expect(answer["connection"] == "close" && answer["retry-after"] == "1")
        gate.open()
        #expect(try client.rest() == "")
      }
      await ended.passed()
      #expect(await server.settle(connections: 0))
      // The server lives on, and looks after others.
      try await server.talk { client in
        try client.get("/quick")
        #expect(try client.response().body == "quick")
        guard hearsOfIt else { return }
        try client.get("/slow")
        #expect(try client.response().status == 503)
      }
    }
  }

  /// The answer to HEAD has no content, whoever gives it.
  @Test func aRefusalOfHEADHasNoContent() async throws {
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(20)
    }) { router in
      router.add(.get, "/slow") { _ in
        try await EventLoop.current?.sleep(until: .distantFuture)
        return .text("too late")
      }
      router.add(.get, "/faulty") { _ in
        ServerResponse(fields: [HTTPField(name: .connection, value: "x")])
      }
    } _: { server in
      for (target, status) in [("/slow", 503), ("/faulty", 500)] {
        try await server.talk { client in
          try client.get(target, method: "HEAD")
          let answer = try client.response(isToHead: true)
          #expect(answer.status == status && answer["content-length"] != "0")
          #expect(try client.rest() == "")
        }
      }
    }
  }

  /// The time in which a client keeps a handler waiting for content is not the handler's.
  @Test func waitingForContentDoesNotCount() async throws {
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(100)
    }) { $0.addEcho() } _: { server in
      try await server.talk { client in
        try client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 6\r\n\r\n")
        for _ in 0..<6 {
          _ = client.socket.isReadable(withinMilliseconds: 40)
          try client.send("x")
        }
        #expect(try client.response().body == "xxxxxx")
      }
    }
  }

  /// But the time behind it does.
  @Test func theTimeBehindTheContentCounts() async throws {
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(30)
    }) { router in
      router.add(.post, "/") { request in
        _ = try await request.body.collect()
        try await EventLoop.current?.sleep(until: .distantFuture)
        return .text("too late")
      }
    } _: { server in
      try await server.talk { client in
        try client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\n\r\n")
        _ = client.socket.isReadable(withinMilliseconds: 60)
        try client.send("x")
        #expect(try client.response().status == 503)
        #expect(try client.rest() == "")
      }
    }
  }

  /// A response that has begun cannot become another; it goes on as long as it takes.
  @Test func aStreamHasNoSuchLimit() async throws {
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(20)
    }) { router in
      router.add(.get, "/") { _ in
        ServerResponse(body: .stream(StreamedBody { writer in
          for _ in 0..<5 {
            try await EventLoop.current?.sleep(until: .now() + .milliseconds(20))
            try await writer.write(Array("x".utf8))
          }
        }))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().body == "xxxxx")
      }
    }
  }

  /// A stream that comes too late is given up as any response that is not sent.
  @Test func aStreamThatComesTooLateIsAbandoned() async throws {
    let (gate, abandoned) = (Gate(), Gate())
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(20)
    }) { router in
      router.add(.get, "/") { _ in
        await gate.passed()
        return ServerResponse(
          body: .stream(
            StreamedBody(
              produce: { _ in Issue.record("nobody is sent this") },
              abandon: { abandoned.open() })))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().status == 503)
      }
      gate.open()
      await abandoned.passed()
      #expect(await server.settle(connections: 0))
    }
  }

  /// Many at once, begun at different times: each has its own deadline.
  @Test func everyHandlerHasItsOwn() async throws {
    try await LiveServer.run(configure: {
      $0.handlerTimeout = .milliseconds(60)
    }) { router in
      router.add(.get, "/") { _ in
        let end = MonotonicInstant.now() + .seconds(60)
        try await EventLoop.current?.sleep(until: end)
        return .text("too late")
      }
    } _: { server in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<20 {
          group.addTask {
            try await server.talk { client in
              _ = client.socket.isReadable(withinMilliseconds: Int32(index * 5))
              let start = MonotonicInstant.now()
              try client.get("/")
              #expect(try client.response().status == 503)
              #expect(MonotonicInstant.now() - start >= .milliseconds(60))
            }
          }
        }
        try await group.waitForAll()
      }
    }
  }

  /// What the client was told is what telemetry says, however the handler ends.
  @Test(arguments: [true, false])
  func telemetrySaysWhatTheClientWasTold(hearsOfIt: Bool) async throws {
    let recording = ObservabilityTests.Recording()
    let gate = Gate()
    try await LiveServer.run(middleware: [recording.middleware], configure: {
      $0.handlerTimeout = .milliseconds(20)
    }) { router in
      router.add(.get, "/") { _ in
        if hearsOfIt { try await EventLoop.current?.sleep(until: .distantFuture) }
        await gate.passed()
        return .text("too late")
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().status == 503)
        gate.open()
      }
      #expect(await server.settle(connections: 0))
    }
    let span = try #require(recording.serverSpans().first)
    let attributes = ObservabilityTests.text(span.attributes)
    #expect(attributes["http.response.status_code"] == "503" && span.status?.code == .error)
    #expect(attributes["error.type"] == "timeout")
    #expect(recording.log.entries.first?.metadata["error.type"]?.description == "timeout")
    #expect(recording.activeRequests == 0)
  }

  // MARK: Content that is too slow

  /// A byte now and then keeps no pause from being too long, but is too slow.
  @Test func contentThatTricklesIsRefused() async throws {
    let faults = Locked<[String]>([])
    try await LiveServer.run(onPeerFault: { fault in
      faults.update { $0.append("\(fault)") }
    }, configure: {
      $0.bodyBytesPerSecondMin = 1_000
      $0.bodyRateGrace = .milliseconds(50)
      $0.bodyTimeout = .seconds(20)
    }) { $0.addEcho() } _: { server in
      try await server.talk { client in
        try client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 1000\r\n\r\n")
        var sent = 0
        while sent < 1000, !client.socket.isReadable(withinMilliseconds: 10) {
          try client.send("x")
          sent += 1
        }
        #expect(sent < 1000)
        #expect(try client.response().status == 408)
      }
      #expect(faults.value == ["the request took too long to arrive"])
    }
  }

  /// The same client, where that is fast enough.
  @Test func contentThatIsFastEnoughPasses() async throws {
    for rate in [0, 10] {
      try await LiveServer.run(configure: {
        $0.bodyBytesPerSecondMin = rate
        $0.bodyRateGrace = .milliseconds(200)
      }) { $0.addEcho() } _: { server in
        try await server.talk { client in
          try client.send("POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 20\r\n\r\n")
          for _ in 0..<20 {
            _ = client.socket.isReadable(withinMilliseconds: 10)
            try client.send("x")
          }
          #expect(try client.response().body == String(repeating: "x", count: 20))
        }
      }
    }
  }
}

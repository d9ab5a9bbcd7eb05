import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// How a server ends.
@Suite(.timeLimit(.minutes(1))) struct DrainTests {
  /// Routes that hold a request until the gate opens.
  private static func add(_ router: inout Router, _ begun: Gate, _ gate: Gate) {
    router.add("/", "hello")
    router.add(.get, "/slow") { _ in
      begun.open()
      await gate.passed()
      return .text("slow")
    }
  }

  @Test func whatIsUnderWayIsAnswered() async throws {
    let (begun, gate) = (Gate(), Gate())
    try await LiveServer.run { Self.add(&$0, begun, gate) } _: { live in
      let (server, loop, port) = (live.server, live.loop, live.port)
      try await live.talk { client in
        try client.get("/slow")
        // Pipelined behind it: the answer before says that nothing more will be read.
        try client.get("/")
        await begun.passed()
        let draining = Task { await server.drain(deadline: .now() + .seconds(30)) }
        // Nobody else is let in, while this one is still worked on.
        while (try? RawSocket(port: port)) != nil { await Task.yield() }
        let isOpen = await loop.run { server.connectionCount >= 1 }
        #expect(isOpen)
        gate.open()
        let answer = try client.response()
        #expect(answer.body == "slow" && answer["connection"] == "close")
        let rest = try client.rest()
        #expect(rest == "")
        #expect(await draining.value == 0)
      }
      #expect(server.connectionCount == 0)
      #expect(Descriptors.settle(0) { Descriptors.count(localPort: port) } == 0)
    }
  }

  @Test func idleConnectionsAreClosed() async throws {
    try await LiveServer.run { $0.add("/", "hello") } _: { live in
      let server = live.server
      try await live.talk { client in
        try client.get("/")
        #expect(try client.response()["connection"] == nil)
        let draining = Task { await server.drain(deadline: .now() + .seconds(30)) }
        #expect(try client.rest() == "")
        client.socket.endWriting()
        #expect(await draining.value == 0)
      }
    }
  }

  /// A request that was on its way when the server began to end is answered, once.
  @Test func anIdleConnectionMaySendOneMore() async throws {
    try await LiveServer.run(configure: {
      $0.drainIdleGrace = .seconds(30)
    }) { $0.add("/", "hello") } _: { live in
      let (server, port) = (live.server, live.port)
      try await live.talk { client in
        try client.get("/")
        #expect(try client.response()["connection"] == nil)
        let draining = Task { await server.drain(deadline: .now() + .seconds(30)) }
        while (try? RawSocket(port: port)) != nil { await Task.yield() }
        try client.get("/")
        try client.get("/")
        let answer = try client.response()
        #expect(answer.body == "hello" && answer["connection"] == "close")
        #expect(try client.rest() == "")
        #expect(await draining.value == 0)
      }
    }
  }

  /// Whoever is cut hears of it, and what tells of it has been told when the server has ended.
  @Test func whoIsCutComesToAnEnd() async throws {
    let (begun, ended) = (Gate(), Gate())
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        begun.open()
        defer { ended.open() }
        try await EventLoop.current?.sleep(until: .distantFuture)
        return .text("never")
      }
    } _: { live in
      let server = live.server
      try await live.talk { client in
        try client.get("/")
        await begun.passed()
        #expect(await server.drain(deadline: .now()) == 1)
        #expect(ended.isOpen && server.connectionCount == 0)
        #expect((try? client.rest()) ?? "" == "")
      }
    }
  }

  /// Content that ends with its connection, and is cut: no client may take it for complete.
  @Test func contentThatIsCutIsNotTakenForComplete() async throws {
    let begun = Gate()
    try await LiveServer.run { router in
      router.add(.get, "/") { _ in
        ServerResponse(body: .stream(StreamedBody { writer in
          try await writer.write(Array("half".utf8))
          begun.open()
          try await EventLoop.current?.sleep(until: .distantFuture)
        }))
      }
    } _: { live in
      let server = live.server
      try await live.talk { client in
        try client.send("GET / HTTP/1.0\r\n\r\n")
        await begun.passed()
        #expect(await server.drain(deadline: .now()) == 1)
        #expect {
          _ = try client.rest()
        } throws: {
          ($0 as? RawSocket.Failure)?.isReset == true
        }
      }
    }
  }

  /// Who was in the kernel's queue when the server began to end was promised an answer.
  @Test func whoWaitsToBeAcceptedIsAnswered() async throws {
    let loop = try EventLoop(name: "server")
    defer { loop.stop() }
    var router = Router()
    router.add("/", "hello")
    var configuration = HTTPServerConfiguration()
    configuration.drainIdleGrace = .seconds(30)
    let part = ServerLoop(
      eventLoop: loop, configuration: configuration, router: router,
      unrouted: { _ in .notFound }, onPeerFault: nil, budget: Budget(limit: 10),
      waitingBytes: Budget(limit: 1_000_000))
    let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
    let late = Locked<WireClient?>(nil)
    let connected = Gate()
    let draining = Task {
      try await loop.run {
        let address = try part.listen(on: any)
        // In one job of the loop: it cannot accept before it drains.
        let client = WireClient(try RawSocket(port: address.port))
        try client.get("/")
        late.update { $0 = client }
        connected.open()
        return await part.drain(deadline: .now() + .seconds(30))
      }
    }
    await connected.passed()
    try await onThread {
      let client = try #require(late.value)
      let answer = try client.response()
      #expect(answer.body == "hello" && answer["connection"] == "close")
      client.socket.endWriting()
      #expect(try client.rest() == "")
    }
    #expect(try await draining.value == 0)
  }

  @Test(arguments: [false, true])
  func theDeadlineCutsWhatIsLeft(isCancelled: Bool) async throws {
    let (begun, ended) = (Gate(), Gate())
    let wasCancelled = Locked(false)
    try await LiveServer.run { router in
      router.add(.get, "/slow") { _ in
        begun.open()
        // Long, but it notices when nobody waits for it any more.
        try? await Task.sleep(for: .seconds(600))
        wasCancelled.update { $0 = Task.isCancelled }
        ended.open()
        return .text("too late")
      }
    } _: { live in
      let server = live.server
      try await live.talk { client in
        try client.get("/slow")
        await begun.passed()
        let draining = Task {
          await server.drain(deadline: .now() + (isCancelled ? .seconds(600) : .milliseconds(30)))
        }
        if isCancelled { draining.cancel() }
        #expect(await draining.value == 1)
        #expect((try? client.rest()) ?? "" == "")
        await ended.passed()
        #expect(wasCancelled.value)
      }
    }
  }

  @Test func aPauseBetweenAttemptsToAcceptDoesNotDelayTheEnd() async throws {
    try await LiveServer.run(configure: {
      $0.connectionsMax = 1
      $0.acceptPause = .seconds(600)
    }) { $0.add("/", "hello") } _: { live in
      let (server, loop) = (live.server, live.loop)
      try await live.talk { client in
        try client.get("/")
        _ = try client.response()
        // Nobody else fits in, and so the server has begun to wait.
        for _ in 0..<3 { await loop.run {} }
        let draining = Task { await server.drain(deadline: .now() + .seconds(600)) }
        #expect(try client.rest() == "")
        client.socket.endWriting()
        #expect(await draining.value == 0)
      }
    }
  }

  /// A server that cannot listen everywhere listens nowhere.
  @Test func listeningIsAllOrNothing() async throws {
    let loop = try EventLoop(name: "server")
    defer { loop.stop() }
    let first = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
    var attempts = 0
    for _ in 0..<5 {
      let server = HTTPServer(loops: [loop], router: Router())
      // A port that is taken on ::1 and free on 127.0.0.1.
      var holder = try RawListener(host: "::1")
      while (try? BoundSocket(first.with(port: holder.port), isShared: false)) == nil {
        holder = try RawListener(host: "::1")
        attempts += 1
        try #require(attempts < 1_000)
      }
      let free = first.with(port: holder.port)
      let taken = try #require(SocketAddress(numeric: "::1", port: holder.port))
      do throws(SystemError) {
        _ = try await server.listen(on: [free, taken])
        Issue.record("that port was taken")
      } catch {
        #expect(error.isAddressInUse && error.call == "bind")
      }
      // At once, without a moment in between.
      _ = try BoundSocket(free, isShared: false)
    }
  }

  @Test func allAddressesShareThePortOfTheFirst() async throws {
    let loops = try (0..<2).map { _ in try EventLoop(name: "server") }
    defer { for loop in loops { loop.stop() } }
    var router = Router()
    router.add("/", "hello")
    var server = HTTPServer(loops: loops, router: router)
    let addresses = try ["127.0.0.1", "::1"].map {
      try #require(SocketAddress(numeric: $0, port: 0))
    }
    var bound: [SocketAddress] = []
    // Something else may have the port that the first family's kernel gave us.
    for _ in 0..<100 where bound.isEmpty {
      if let given = try? await server.listen(on: addresses) {
        bound = given
      } else {
        server = HTTPServer(loops: loops, router: router)
      }
    }
    try #require(bound.count == 2)
    #expect(bound.map(\.host) == ["127.0.0.1", "::1"])
    let port = bound[0].port
    #expect(port != 0 && bound[1].port == port)
    // One for each address on each loop.
    #expect(Descriptors.count(localPort: port) == 4)
    try await onThread {
      for host in ["127.0.0.1", "::1"] {
        let client = WireClient(try RawSocket(port: port, host: host))
        try client.get("/", "connection: close\r\n")
        #expect(try client.response().body == "hello")
      }
    }
    #expect(await server.drain(deadline: .now() + .seconds(30)) == 0)
    #expect(Descriptors.settle(0) { Descriptors.count(localPort: port) } == 0)
  }
}

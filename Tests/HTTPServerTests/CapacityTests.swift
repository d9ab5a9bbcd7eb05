import Glibc
import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// Many connections, and too many.
@Suite(.timeLimit(.minutes(1))) struct CapacityTests {
  @Test func atTheLimitTheNextOneWaits() async throws {
    let pauses = Locked<[String]>([])
    try await LiveServer.run(onAcceptPaused: { pause in
      pauses.update { $0.append("\(pause)") }
    }, configure: {
      $0.connectionsMax = 2
      $0.acceptPause = .milliseconds(5)
    }) { $0.add("/", "hello") } _: { live in
      let (server, port) = (live.server, live.port)
      try await live.talk { first in
        let clients = [first, WireClient(try RawSocket(port: port))]
        for client in clients {
          try client.get("/")
          #expect(try client.response().body == "hello")
        }
        #expect(server.connectionCount == 2)
        // One beyond: the kernel holds it, nobody answers it.
        let waiting = WireClient(try RawSocket(port: port))
        try waiting.get("/")
        #expect(!waiting.socket.isReadable(withinMilliseconds: 50))
        #expect(server.connectionCount <= 2)
        clients[1].socket.endWriting()
        #expect(try clients[1].rest() == "")
        #expect(try waiting.response().body == "hello")
      }
      #expect(await live.settle(connections: 0))
    }
    // Told once, although it paused ten times.
    #expect(pauses.value == ["the limit of connections is reached"])
  }

  /// Out of descriptors: the server goes on when there are some again.
  @Test func aShortageOfDescriptorsPasses() async {
    await #expect(processExitsWith: .success) {
      let pauses = Locked<[String]>([])
      try await LiveServer.run(onAcceptPaused: { pause in
        pauses.update { $0.append("\(pause)") }
      }, configure: {
        $0.acceptPause = .milliseconds(5)
      }) { $0.add("/", "hello") } _: { live in
        let (loop, port) = (live.loop, live.port)
        let server = live.server
        try await onThread {
          let client = WireClient(try RawSocket(port: port))
          try client.get("/")
          #expect(try client.response().body == "hello")
          // The runtime has descriptors of its own, and may give one back just then: once more.
          var held: [Int32] = []
          var late: [WireClient] = []
          var isShort = false
          for _ in 0..<20 where !isShort {
            let made = connectInShortage(port, &held)
            late += made
            for _ in 0..<50 {
              try? await loop.run { try await loop.sleep(until: .now() + .milliseconds(1)) }
            }
            // Looked at on the loop: an attempt to accept counts while it lasts.
            let count = await loop.run { server.connectionCount }
            isShort = count == late.count && !made.isEmpty
          }
          #expect(isShort)
          // Who is in is served all the same.
          try client.get("/")
          #expect(try client.response().body == "hello")
          for number in held { Glibc.close(number) }
          for client in late {
            try client.get("/")
            #expect(try client.response().body == "hello")
          }
        }
      }
      #expect(pauses.value == ["accept4: Too many open files"])
    }
  }

  @Test func nothingIsLeftOfThousandsOfConnections() async throws {
    try await LiveServer.run(loopCount: 2) { $0.add("/", "hello") } _: { live in
      let port = live.port
      for _ in 0..<20 {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for worker in 0..<2 {
            group.addTask {
              try await onThread {
                for index in 0..<50 {
                  let client = WireClient(try RawSocket(port: port))
                  // Ended in several ways.
                  switch (worker + index) % 4 {
                  case 0:
                    try client.get("/", "connection: close\r\n")
                    _ = try client.rest()
                  case 1:
                    try client.get("/")
                    _ = try client.response()
                  case 2:
                    try client.send("GET / HT")
                    client.socket.resetOnClose()
                  default: break
                  }
                }
              }
            }
          }
          try await group.waitForAll()
        }
      }
      #expect(await live.settle(connections: 0))
      // Its two listeners.
      #expect(Descriptors.settle(2) { Descriptors.count(localPort: port) } == 2)
    }
  }

  /// The kernel spreads connections over the loops, and each stays on its own.
  @Test func everyLoopGetsItsShare() async throws {
    let loops = Locked<Set<ObjectIdentifier>>([])
    try await LiveServer.run(loopCount: 2) { router in
      router.add(.get, "/") { _ in
        if let loop = EventLoop.current { loops.update { _ = $0.insert(ObjectIdentifier(loop)) } }
        return .text("hello")
      }
    } _: { live in
      let expected = Set(live.loops.map { ObjectIdentifier($0) })
      for _ in 0..<200 where loops.value.count < 2 {
        try await live.talk { client in
          try client.get("/")
          _ = try client.response()
        }
      }
      #expect(loops.value == expected)
    }
  }
}

/// Connects, and leaves the process without a descriptor for the other end.
/// - Returns: The connection, if there was a descriptor for it.
private func connectInShortage(_ port: UInt16, _ held: inout [Int32]) -> [WireClient] {
  if held.isEmpty {
    let next = dup(0)
    Glibc.close(next)
    var limit = rlimit(rlim_cur: rlim_t(next) + 40, rlim_max: rlim_t(next) + 40)
    #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
  }
  while case let number = dup(0), number >= 0 { held.append(number) }
  if let last = held.popLast() { Glibc.close(last) }
  return (try? RawSocket(port: port)).map { [WireClient($0)] } ?? []
}

import HTTP1
@testable import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// Which requests share a connection, and who waits for one.
@Suite(.timeLimit(.minutes(1))) struct PoolTests {
  @Test func aConnectionIsUsedAgain() async throws {
    try await LiveClient.run { client in
      let (isAlone, _) = try await StandIn.run { server in
        let peer = try server.accept()
        for number in 1...3 {
          _ = try peer.request()
          try peer.answer("\(number)")
        }
        return !server.listener.isWaiting(withinMilliseconds: 0)
      } _: { port in
        for number in 1...3 {
          let text = try await client.send(port).text
          #expect(text == "\(number)")
        }
      }
      #expect(isAlone)
    }
  }

  /// What cannot be used again is closed: where the server says so, where the end of the connection
  /// was that of the content, and where more came than was asked for.
  @Test(arguments: [
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok",
    "HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok",
    "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n",
  ])
  func aConnectionIsNotUsedAgain(_ answer: String) async throws {
    try await LiveClient.run { client in
      let (ended, _) = try await StandIn.run { server in
        let first = try server.accept()
        _ = try first.request()
        try first.send(answer)
        let isEnded = first.isEnded()
        let second = try server.accept()
        _ = try second.request()
        try second.answer("second")
        return isEnded
      } _: { port in
        let texts = [try await client.send(port).text, try await client.send(port).text]
        #expect(texts == ["ok", "second"])
      }
      #expect(ended)
    }
  }

  /// One connection, and requests that come while it is in use: first come, first served.
  @Test func whoWaitsIsServedInOrder() async throws {
    try await LiveClient.run(configure: { $0.connectionsPerOriginMax = 1 }) { client in
      let (targets, texts) = try await StandIn.run { server in
        let peer = try server.accept()
        var targets: [Substring] = []
        for _ in 0..<20 {
          targets.append(try peer.request().split(separator: " ")[1])
          try peer.answer(String(targets[targets.count - 1]))
        }
        #expect(!server.listener.isWaiting(withinMilliseconds: 0))
        return targets.map(String.init)
      } _: { port in
        // Tasks that a loop's own task starts begin in order.
        let tasks = await client.loop.run {
          (0..<20).map { number in
            Task(executorPreference: client.loop) {
              try await client.send(port, .get, "/\(number)").text
            }
          }
        }
        var texts: [String] = []
        for task in tasks { texts.append(try await task.value) }
        return texts
      }
      #expect(targets == (0..<20).map { "/\($0)" } && texts == targets)
    }
  }

  @Test func asManyConnectionsAsTheLimit() async throws {
    try await LiveClient.run(configure: { $0.connectionsPerOriginMax = 3 }) { client in
      let (isFull, _) = try await StandIn.run { server in
        var peers: [Peer] = []
        for _ in 0..<3 { peers.append(try server.accept()) }
        for peer in peers { _ = try peer.request() }
        // The others wait in the client.
        let isFull = !server.listener.isWaiting(withinMilliseconds: 50)
        for (index, peer) in peers.enumerated() {
          try peer.answer("")
          for _ in 0..<(index == 0 ? 2 : 0) {
            _ = try peer.request()
            try peer.answer("")
          }
        }
        return isFull
      } _: { port in
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<5 { group.addTask { _ = try await client.send(port) } }
          try await group.waitForAll()
        }
      }
      #expect(isFull)
    }
  }

  /// Fills the one connection, and gives the test the queue behind it.
  private static func withQueue(
    waitingRequestsMax: Int = 10,
    _ body: @escaping @Sendable (LiveClient, UInt16) async throws -> Void
  ) async throws -> [String] {
    try await LiveClient.run(configure: {
      $0.connectionsPerOriginMax = 1
      $0.waitingRequestsMax = waitingRequestsMax
    }) { client in
      let (begun, gate) = (Gate(), Gate())
      let (targets, _) = try await StandIn.run { server in
        let peer = try server.accept()
        var targets = [String(try peer.request().split(separator: " ")[1])]
        begun.open()
        #expect(gate.block())
        try peer.answer("")
        targets.append(String(try peer.request().split(separator: " ")[1]))
        try peer.answer("")
        #expect(peer.isEnded())
        return targets
      } _: { port in
        let first = Task { try await client.send(port, .get, "/first") }
        await begun.passed()
        try await body(client, port)
        gate.open()
        _ = try await first.value
        // Whoever has given up does not take the turn of the next one.
        _ = try await client.send(port, .get, "/last")
        await client.client.closeIdleConnections()
      }
      return targets
    }
  }

  @Test func waitingHasADeadline() async throws {
    let targets = try await Self.withQueue { client, port in
      let error = try await client.failure { client in
        try await client.send(port, .get, "/late", deadline: .milliseconds(20))
      }
      guard case .timedOut(.waitingForConnection) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.isBeforeSending == true)
    }
    #expect(targets == ["/first", "/last"])
  }

  @Test func waitingCanBeCancelled() async throws {
    let targets = try await Self.withQueue { client, port in
      let task = Task { try await client.send(port, .get, "/cancelled") }
      task.cancel()
      await #expect { try await task.value } throws: { error in
        if case HTTPClientError.cancelled = error { true } else { false }
      }
    }
    #expect(targets == ["/first", "/last"])
  }

  @Test func asManyMayWaitAsTheLimit() async throws {
    let targets = try await Self.withQueue(waitingRequestsMax: 1) { client, port in
      let waiting = Task(executorPreference: client.loop) {
        try await client.send(port, .get, "/1")
      }
      // Behind the task above, on its loop: it waits by now.
      let error = try await client.loop.run {
        try await client.failure { client in
          try await client.send(port, .get, "/2")
        }
      }
      guard case .overloaded = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      waiting.cancel()
      _ = await waiting.result
    }
    #expect(targets == ["/first", "/last"])
  }

  /// Whoever gives up in the very moment in which its turn comes leaves it to the next one.
  @Test func aTurnThatComesTooLate() async throws {
    try await LiveClient.run { client in
      try await client.loop.run {
        var configuration = HTTPClientConfiguration()
        configuration.connectionsPerOriginMax = 1
        let pool = Confined(
          value: ConnectionPool(loop: client.loop, configuration: configuration))
        _ = try await pool.value.acquire(deadline: .now() + .seconds(30))
        let waiting = Task(executorPreference: client.loop) {
          _ = try await pool.value.acquire(deadline: .now() + .seconds(30))
        }
        try await client.loop.sleep(until: .now() + .milliseconds(1))
        pool.value.discard()
        waiting.cancel()
        await #expect(throws: HTTPClientError.self) { try await waiting.value }
        #expect(pool.value.isUnused)
      }
    }
  }

  /// What is used on one loop only.
  private struct Confined<Value>: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: the pool stays with tasks of its loop.
    let value: Value
  }

  /// A connection that could not be made gives its place back.
  @Test func aFailureLeavesItsPlace() async throws {
    let holder = try RawListener(backlog: nil)
    try await LiveClient.run(configure: { $0.connectionsPerOriginMax = 1 }) { client in
      for _ in 0..<3 {
        let error = try await client.failure { client in
          try await client.send(holder.port)
        }
        guard case .connectionFailed(let address, .system) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(address.port == holder.port && error?.isBeforeSending == true)
        #expect(error?.label == "connection_error")
      }
    }
  }

  @Test func anIdleConnectionIsClosedInTime() async throws {
    try await LiveClient.run(configure: { $0.idleTimeout = .milliseconds(20) }) { client in
      let (isEnded, _) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        try peer.answer("")
        return peer.isEnded()
      } _: { port in
        try await client.send(port)
      }
      #expect(isEnded)
    }
  }

  /// A server that closes a connection nobody uses: the next request notices before it is sent.
  @Test func aConnectionThatWasClosedMeanwhileIsNotUsed() async throws {
    let closed = Gate()
    try await LiveClient.run { client in
      _ = try await StandIn.run { server in
        do {
          let first = try server.accept()
          _ = try first.request()
          try first.answer("first")
          first.socket.endWriting()
        }
        closed.open()
        let second = try server.accept()
        _ = try second.request()
        try second.answer("second")
      } _: { port in
        let first = try await client.send(port, .post).text
        await closed.passed()
        let second = try await client.send(port, .post).text
        #expect([first, second] == ["first", "second"])
      }
    }
  }
}

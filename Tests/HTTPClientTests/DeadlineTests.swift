import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import TLS
import Testing

/// Each phase of a request has its deadline, and says which it was.
@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
  private static func isTimeout(
    _ error: HTTPClientError?, _ expected: HTTPClientError.Phase
  ) -> Bool {
    guard case .timedOut(let phase) = error else { return false }
    return phase == expected && error?.label == "timeout"
  }

  @Test func findingTheAddress() async throws {
    let (looking, gate) = (Gate(), Gate())
    try await LiveClient.run(configure: {
      $0.connectTimeout = .milliseconds(20)
      $0.resolver = NameResolver { host, port throws(ResolutionError) in
        looking.open()
        _ = gate.block()
        throw ResolutionError(host: host, reason: .overloaded)
      }
    }) { client in
      let error = try await client.failure { client in
        try await client.send(1, host: "name.test")
      }
      #expect(Self.isTimeout(error, .connecting) && error?.isBeforeSending == true)
      #expect(looking.isOpen)
      gate.open()
    }
  }

  @Test func connecting() async throws {
    // A listener whose queue is full answers nobody.
    let listener = try RawListener(backlog: 0)
    let first = try RawSocket(port: listener.port)
    try await LiveClient.run(configure: { $0.connectTimeout = .milliseconds(20) }) { client in
      let error = try await client.failure { client in
        try await client.send(listener.port)
      }
      #expect(Self.isTimeout(error, .connecting) && error?.isBeforeSending == true)
    }
    _ = first
  }

  @Test func theHandshake() async throws {
    try await LiveClient.run(configure: {
      $0.handshakeTimeout = .milliseconds(20)
      $0.tls = try? TLSClientContext(TLSClientConfiguration(verification: .none))
    }) { client in
      let (_, error) = try await StandIn.run { server in
        // A ClientHello, and then the end.
        try server.accept().socket.receiveToEnd()
      } _: { port in
        try await client.failure { client in
          try await client.send(port, scheme: .https)
        }
      }
      #expect(Self.isTimeout(error, .securing) && error?.isBeforeSending == true)
    }
  }

  /// The first byte has a deadline of its own; whoever has sent one has the request's.
  @Test func theFirstByte() async throws {
    try await LiveClient.run(configure: { $0.firstByteTimeout = .milliseconds(500) }) { client in
      let (isEnded, error) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        return peer.isEnded()
      } _: { port in
        try await client.failure { client in try await client.send(port) }
      }
      #expect(isEnded && Self.isTimeout(error, .awaitingResponse))
      #expect(error?.isBeforeSending == false)

      let (_, response) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        try peer.send("H")
        // Longer than the first byte may take; the client waits on.
        _ = peer.socket.isReadable(withinMilliseconds: 600)
        try peer.send("TTP/1.1 204 No Content\r\n\r\n")
      } _: { port in
        try await client.send(port)
      }
      #expect(response.status == .noContent)
    }
  }

  @Test(arguments: [
    "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel",
  ])
  func theWholeExchange(_ part: String) async throws {
    try await LiveClient.run { client in
      let (isEnded, error) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        try peer.send(part)
        return peer.isEnded()
      } _: { port in
        try await client.failure { client in
          // Time enough for the server to begin, whatever else the machine does.
          try await client.send(port, deadline: .seconds(5))
        }
      }
      #expect(isEnded && Self.isTimeout(error, .exchanging))
      #expect(error?.isBeforeSending == false)
    }
  }

  /// A server that takes nothing of a large request.
  @Test func sending() async throws {
    let done = Gate()
    try await LiveClient.run { client in
      let (_, error) = try await StandIn.run { server in
        let peer = try server.accept()
        #expect(done.block())
        _ = peer
      } _: { port in
        defer { done.open() }
        return try await client.failure { client in
          try await client.send(
            port, .post, body: String(repeating: "x", count: 30_000_000),
            deadline: .milliseconds(500))
        }
      }
      #expect(Self.isTimeout(error, .exchanging))
    }
  }

  @Test func cancellationEndsTheConnection() async throws {
    try await LiveClient.run { client in
      let begun = Gate()
      let (isEnded, _) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        begun.open()
        return peer.isEnded()
      } _: { port in
        let task = Task { try await client.send(port) }
        await begun.passed()
        task.cancel()
        await #expect { try await task.value } throws: { error in
          if case HTTPClientError.cancelled = error { true } else { false }
        }
      }
      #expect(isEnded)
    }
  }
}

import Bytes
import Sockets
import TLS
import Testing

@Suite(.timeLimit(.minutes(2))) struct TLSStreamTests {
  @Test(arguments: TLSHandshakeTests.versions)
  func oursTalksToOurs(version: TLSVersion) async throws {
    let client = try Certificates.client(
      identity: "client", options: TLSHandshakeTests.only(version))
    let server = try Certificates.server(
      "server", clients: .required(Certificates.authority),
      options: TLSProtocolOptions(applicationProtocols: ["http/1.1"]))
    let (served, got) = try await Endpoints.serve(server) { port in
      try await Endpoints.connect(client, port: port)
    }
    #expect(got.text == "hello\n" && got.error == nil && got.otherError == nil)
    #expect(served.text == "request\n" && served.error == nil && served.otherError == nil)
    #expect(served.info?.peerCertificate?.subject == "CN=alice")
    #expect(got.info?.version == version && got.info?.peerCertificate?.subject == "CN=localhost")
  }

  @Test func manyBytesPassBothWays() async throws {
    let bytes = TLSDataTests.pattern(5_000_000).map { $0 == 10 ? 11 : $0 } + [10]
    let (served, got) = try await Endpoints.serve(
      Certificates.server("server"), answer: bytes
    ) { port in
      try await Endpoints.connect(Certificates.client(), port: port, request: bytes)
    }
    #expect(served.received == bytes && served.error == nil)
    #expect(got.received == bytes && got.error == nil)
  }

  @Test func bothSidesGetTheReasonOfARefusal() async throws {
    let (served, got) = try await Endpoints.serve(Certificates.server("expired")) { port in
      try await Endpoints.connect(Certificates.client(), port: port)
    }
    #expect(
      got.error == .verification(.expired(subject: "CN=localhost", notAfter: "2020-06-30")))
    #expect(served.error == .peerAlert(TLSAlert(code: 45)))
  }

  @Test func closingWithoutAnEndIsTruncation() async throws {
    try await Self.withPair { client, server in
      server.close()
      try await Self.expect(TLSError.truncated) {
        var queue = ByteQueue()
        while try client.receive(into: &queue, atMost: 100) == .wouldBlock {
          try await client.waitUntilReadable(deadline: Endpoints.deadline)
        }
      }
    }
  }

  @Test func sendIsDoneOnlyWhenEverythingLeft() async throws {
    try await Self.withPair { client, server in
      let chunk = TLSDataTests.pattern(50_000)
      var queue = ByteQueue()
      var sentBytes = 0
      repeat {
        queue.append(chunk)
        sentBytes += chunk.count
      } while try client.send(&queue)
      // The last bytes are encrypted, so they are not in the queue; but they did not leave.
      #expect(queue.count < chunk.count)
      client.closeWrite()
      var received = ByteQueue()
      var outcome = ReceiveOutcome.wouldBlock
      while outcome != .endOfStream {
        outcome = try server.receive(into: &received, atMost: 16_384)
        if outcome == .wouldBlock {
          let isSent = try client.send(&queue)
          if isSent { client.closeWrite() }
          await Task.yield()
        }
      }
      #expect(received.count == sentBytes - queue.count)
      #expect(received.array(0..<chunk.count) == chunk)
    }
  }

  @Test func anIdleConnectionIsUsableUntilDataOrTheEndArrives() async throws {
    try await Self.withPair { client, server in
      // The tickets of the server count as nothing.
      #expect(client.isIdleAndOpen && client.isIdleAndOpen)
      var queue = ByteQueue()
      queue.append(7)
      #expect(try server.send(&queue))
      try await client.waitUntilReadable(deadline: Endpoints.deadline)
      #expect(!client.isIdleAndOpen)
    }
    try await Self.withPair { client, server in
      server.closeWrite()
      try await client.waitUntilReadable(deadline: Endpoints.deadline)
      #expect(!client.isIdleAndOpen)
    }
  }

  @Test func aSilentPeerIsLeftAtTheDeadline() async throws {
    let loop = try EventLoop(name: "tls")
    defer { loop.stop() }
    let bound = try BoundSocket(try #require(Endpoints.localhost), isShared: false)
    let (address, context) = (bound.address, try Certificates.client())
    try await loop.run {
      let tcp = try await TCPStream.connect(to: address, on: loop, deadline: Endpoints.deadline)
      let stream = try TLSStream(client: context, host: "localhost", port: 443, over: tcp)
      do throws(StreamError) {
        try await stream.handshake(deadline: .now() + .milliseconds(50))
        Issue.record("nobody answered")
      } catch {
        guard case .timedOut = error else {
          Issue.record("\(error)")
          return
        }
      }
    }
    _ = consume bound
  }

  private struct StreamPair: @unchecked Sendable {
    // Proof for `@unchecked Sendable`: made and used by tasks of one loop only.
    let client: TLSStream
    let server: TLSStream
  }

  /// Both ends of one connection on one loop, behind the handshake.
  private static func withPair(
    _ body: @escaping @Sendable (_ client: TLSStream, _ server: TLSStream) async throws -> Void
  ) async throws {
    let loop = try EventLoop(name: "tls-pair")
    defer { loop.stop() }
    let (client, server) = (try Certificates.client(), try Certificates.server("server"))
    try await loop.run {
      let listener = try Endpoints.listen(on: loop)
      let near = try await TCPStream.connect(
        to: listener.address, on: loop, deadline: Endpoints.deadline)
      let far = try await Endpoints.accept(listener, loop)
      let pair = StreamPair(
        client: try TLSStream(client: client, host: "localhost", port: 443, over: near),
        server: try TLSStream(server: server, over: far))
      async let serverDone: Void = pair.server.handshake(deadline: Endpoints.deadline)
      try await pair.client.handshake(deadline: Endpoints.deadline)
      try await serverDone
      try await body(pair.client, pair.server)
      pair.client.close()
      pair.server.close()
    }
  }

  private static func expect(
    _ expected: TLSError, _ body: () async throws -> Void
  ) async throws {
    do {
      try await body()
      Issue.record("no error")
    } catch StreamError.security(let error as TLSError) {
      #expect(error == expected)
    }
  }
}

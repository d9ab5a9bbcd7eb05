import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// A host with several addresses.
@Suite(.timeLimit(.minutes(1))) struct AddressTests {
  private static func resolver(_ hosts: [String]) -> NameResolver {
    NameResolver { _, port throws(ResolutionError) in
      hosts.compactMap { SocketAddress(numeric: $0, port: port) }
    }
  }

  /// Sends a request to a name with these addresses; only 127.0.0.1 answers.
  private static func send(
    _ hosts: String...
  ) async throws -> (request: String, response: ClientResponse) {
    let resolver = resolver(hosts)
    return try await LiveClient.run(configure: { $0.resolver = resolver }) { client in
      let (request, response) = try await StandIn.run { server in
        let peer = try server.accept()
        let request = try peer.request()
        try peer.answer("hello")
        return request
      } _: { port in
        try await client.send(port, host: "name.test")
      }
      return (request, response)
    }
  }

  @Test func theNextIsTriedWhereOneRefuses() async throws {
    // Nobody listens at the others, at that port.
    let (request, response) = try await Self.send("127.0.0.2", "::1", "127.0.0.1")
    #expect(response.text == "hello" && response.peerAddress?.host == "127.0.0.1")
    #expect(request.contains("host: name.test:"))
  }

  /// One that does not answer takes only its share of the time.
  @Test func theNextIsTriedWhereOneIsSilent() async throws {
    let silent = try RawListener(host: "127.0.0.3", backlog: 0)
    let first = try RawSocket(port: silent.port, host: "127.0.0.3")
    let server = try RawListener(host: "127.0.0.1", port: silent.port)
    try await LiveClient.run(configure: {
      $0.connectTimeout = .seconds(2)
      $0.resolver = Self.resolver(["127.0.0.3", "127.0.0.1"])
    }) { client in
      async let served = onThread {
        let peer = Peer(try server.accept())
        _ = try peer.request()
        try peer.answer("hello")
      }
      let response = try await client.send(silent.port, host: "name.test")
      #expect(response.peerAddress?.host == "127.0.0.1")
      try await served
    }
    _ = first
  }

  @Test func theLastOnesReasonIsGiven() async throws {
    let holder = try RawListener(backlog: nil)
    try await LiveClient.run(configure: {
      $0.resolver = Self.resolver(["127.0.0.2", "127.0.0.1"])
    }) { client in
      let error = try await client.failure { client in
        try await client.send(holder.port, host: "name.test")
      }
      #expect(
        error?.description
          == "cannot connect to 127.0.0.1:\(holder.port): connect: Connection refused")
    }
  }

  @Test func aNameWithoutAddresses() async throws {
    try await LiveClient.run(configure: {
      $0.resolver = NameResolver { host, _ throws(ResolutionError) in
        throw ResolutionError(host: host, reason: .system(-2))
      }
    }) { client in
      let error = try await client.failure { client in
        try await client.send(1, host: "name.test")
      }
      #expect(error?.description == "cannot resolve name.test: Name or service not known")
      #expect(error?.label == "name_resolution_error" && error?.isBeforeSending == true)
    }
  }
}

import Bytes
import HTTP1
import HTTPClient
import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import TLS
import Testing

/// Requests over TLS.
@Suite(.timeLimit(.minutes(1))) struct HTTPSTests {
  private static func addRoutes(_ router: inout Router) {
    router.add(.post, "/echo") { request in
      ServerResponse(body: .bytes(try await request.body.collect()))
    }
    router.add(.get, "/insecure") { _ in
      ServerResponse(
        status: .found, fields: [HTTPField(name: .location, value: "http://127.0.0.1:1/")])
    }
  }

  /// The connection is kept open and used again, as without TLS.
  @Test func exchanges() async throws {
    let tls = try SecureServer.clientContext()
    try await SecureServer.run(routes: Self.addRoutes) { server in
      try await LiveClient.run(configure: { $0.tls = tls }) { client in
        for host in ["localhost", "127.0.0.1"] {
          for number in 1...3 {
            let body = String(repeating: "\(number)", count: number * 100_000)
            let response = try await client.send(
              server.port, .post, "/echo", scheme: .https, host: host, body: body)
            #expect(response.text == body)
          }
        }
        // One for each name.
        #expect(server.server.connectionCount == 2)
      }
    }
  }

  @Test func aCertificateThatNobodyVouchesFor() async throws {
    try await SecureServer.run(routes: Self.addRoutes) { server in
      try await LiveClient.run { client in
        let error = try await client.failure { client in
          try await client.send(server.port, .post, "/echo", scheme: .https)
        }
        #expect(error?.label == "tls_error" && error?.isBeforeSending == true)
        #expect(error?.description.contains("is self-signed and not trusted") == true)
      }
    }
  }

  /// Not even where redirects are followed does a request leave what is secured.
  @Test func aRedirectIntoTheOpen() async throws {
    let tls = try SecureServer.clientContext()
    try await SecureServer.run(routes: Self.addRoutes) { server in
      try await LiveClient.run(configure: { $0.tls = tls }) { client in
        let error = try await client.failure { client in
          try await client.send(server.port, .get, "/insecure", scheme: .https, redirectsMax: 5)
        }
        guard case .redirectRefused(.insecure) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(error?.description.contains("from https to http") == true)
      }
    }
  }

  /// Content that only the end of the connection delimits: an end without close_notify is none, and
  /// neither is that of a response which another client would take for complete.
  @Test(arguments: [true, false])
  func contentUpToTheEnd(isEndedProperly: Bool) async throws {
    let loop = try EventLoop(name: "tls-server")
    let listener = try await loop.run {
      let any = try #require(SocketAddress(numeric: "127.0.0.1", port: 0))
      return try TCPListener(try BoundSocket(any, isShared: false), loop: loop)
    }
    let (server, tls) = (try SecureServer.serverContext(), try SecureServer.clientContext())
    async let served: Void = loop.run {
      var accepted = try listener.accept()
      while accepted == nil {
        try await listener.waitForConnection(deadline: .now() + .seconds(30))
        accepted = try listener.accept()
      }
      guard let accepted = accepted.take() else { return }
      let stream = try TLSStream(server: server, over: try TCPStream(accepted, loop: loop))
      try await stream.handshake(deadline: .now() + .seconds(30))
      var output = ByteQueue()
      output.append("HTTP/1.0 200 OK\r\n\r\nup to the end" as StaticString)
      try await stream.sendAll(&output, deadline: .now() + .seconds(30))
      if isEndedProperly { stream.closeWrite() }
      // The request is read, so that the kernel ends the connection in place of resetting it.
      var input = ByteQueue()
      while try stream.receive(into: &input, atMost: 4096) == .wouldBlock {
        try await stream.waitUntilReadable(deadline: .now() + .seconds(30))
      }
      stream.close()
    }
    try await LiveClient.run(configure: { $0.tls = tls }) { client in
      switch try await client.result({
        try await $0.send(listener.address.port, scheme: .https)
      }) {
      case .success(let response):
        #expect(isEndedProperly && response.text == "up to the end")
      case .failure(.disconnected(.security(let reason))):
        #expect(!isEndedProperly && reason as? TLSError == .truncated)
      case .failure(let error): Issue.record("\(error)")
      }
    }
    try await served
    await loop.run { listener.close() }
    loop.stop()
  }
}

import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// A server on loops of its own, at a free port.
struct LiveServer: Sendable {
  let server: HTTPServer
  let loops: [EventLoop]
  let port: UInt16

  var loop: EventLoop { loops[0] }

  /// Runs `body` with a server, and drains it.
  static func run(
    loopCount: Int = 1, host: String = "127.0.0.1", middleware: [any Middleware] = [],
    contentCoding: ContentCodingConfiguration? = nil,
    onPeerFault: (@Sendable (HTTPServerError) -> Void)? = nil,
    onAcceptPaused: (@Sendable (AcceptPause) -> Void)? = nil,
    configure: (inout HTTPServerConfiguration) -> Void = { _ in },
    routes: (inout Router) -> Void,
    _ body: (LiveServer) async throws -> Void
  ) async throws {
    var configuration = HTTPServerConfiguration()
    // A test's client may be gone before it has ended its half.
    configuration.lingerTimeout = .milliseconds(50)
    configuration.drainIdleGrace = .milliseconds(1)
    configure(&configuration)
    var router = Router()
    routes(&router)
    let loops = try (0..<loopCount).map { _ in try EventLoop(name: "server") }
    let server = HTTPServer(
      configuration: configuration, loops: loops, router: router, middleware: middleware,
      contentCoding: contentCoding, onPeerFault: onPeerFault, onAcceptPaused: onAcceptPaused)
    let any = try #require(SocketAddress(numeric: host, port: 0))
    let port = try #require(try await server.listen(on: [any]).first?.port)
    do {
      try await body(LiveServer(server: server, loops: loops, port: port))
    } catch {
      _ = await server.drain(deadline: .now())
      throw error
    }
    _ = await server.drain(deadline: .now())
    // A handler that has been cut comes to its end on the loop.
    for loop in loops { await loop.run {} }
    for loop in loops { loop.stop() }
  }

  /// Runs `body` with a client that has just connected, on a thread that it may block.
  func talk<R: Sendable>(
    receiveBufferBytes: Int32? = nil,
    _ body: @escaping @Sendable (WireClient) async throws -> R
  ) async throws -> R {
    let port = port
    return try await onThread {
      try await body(
        WireClient(try RawSocket(port: port, receiveBufferBytes: receiveBufferBytes)))
    }
  }

  /// Waits, bounded, until so many connections are open.
  func settle(connections expected: Int) async -> Bool {
    for _ in 0..<30_000 {
      if server.connectionCount == expected { return true }
      try? await loop.run { try await loop.sleep(until: .now() + .milliseconds(1)) }
    }
    return false
  }
}

/// What is used on one loop only.
struct Confined<Value>: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: a connection and what belongs to it stay on their loop.
  let value: Value

  init(_ value: Value) { self.value = value }
}

extension Router {
  /// Adds a route that answers with a text.
  mutating func add(_ path: String, _ text: String, _ method: HTTPRequest.Method = .get) {
    add(method, path) { _ in .text(text) }
  }

  /// Adds a route that answers with the content of the request.
  mutating func addEcho() {
    add(.post, "/echo") { .text(String(decoding: try await $0.body.collect(), as: UTF8.self)) }
  }
}

extension ServerResponse {
  static func text(_ text: String, status: HTTPResponse.Status = .ok) -> ServerResponse {
    ServerResponse(status: status, contentType: "text/plain", body: .bytes(Array(text.utf8)))
  }
}

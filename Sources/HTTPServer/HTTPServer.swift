import HTTP1
import HTTPTypes
package import Sockets

/// An HTTP/1.1 server on a set of event loops.
package final class HTTPServer: Sendable {
  package let configuration: HTTPServerConfiguration
  private let loops: [EventLoop]
  private let parts: [ServerLoop]
  private let budget: Budget

  /// - Parameters:
  ///   - loops: Where connections are served; at least one.
  ///   - middleware: Stands around every handler, the first outermost.
  ///   - contentCoding: How content is compressed; nil for not at all. Around all middleware.
  ///   - onPeerFault: Called for every connection that ends by its peer's fault: a broken rule of
  ///     the protocol, a failed handshake. On the connection's loop; it must not wait.
  ///   - onAcceptPaused: Called when nobody can be accepted, once in ten seconds at most. On a
  ///     loop; it must not wait.
  package init(
    configuration: HTTPServerConfiguration = HTTPServerConfiguration(), loops: [EventLoop],
    router: Router, middleware: [any Middleware] = [],
    contentCoding: ContentCodingConfiguration? = nil,
    onPeerFault: (@Sendable (HTTPServerError) -> Void)? = nil,
    onAcceptPaused: (@Sendable (AcceptPause) -> Void)? = nil
  ) {
    self.configuration = configuration
    self.loops = loops
    let budget = Budget(limit: configuration.connectionsMax)
    let waitingBytes = Budget(limit: configuration.waitingBytesMax)
    self.budget = budget
    // Once and not with every request: middleware stands around each handler, and around what
    // answers where there is none.
    let router = router.wrapped(in: middleware)
    let unrouted = middleware.wrap(Self.answerWithoutHandler)
    let coding = contentCoding.map { ContentCoding($0) }
    let notice = onAcceptPaused.map { AcceptPause.Notice($0) }
    parts = loops.map { loop in
      ServerLoop(
        eventLoop: loop, configuration: configuration, router: router, unrouted: unrouted,
        coding: coding, answering: { response in middleware.wrap { _ in response } },
        onPeerFault: onPeerFault, budget: budget, waitingBytes: waitingBytes,
        acceptNotice: notice)
    }
  }

  /// Connections open now.
  package var connectionCount: Int { budget.usedCount }

  /// Starts to listen at every one of `addresses`, on every loop.
  /// - Parameter addresses: With port 0 all of them get the free port that the first one is given.
  /// - Returns: The addresses with their real ports.
  /// - Throws: `SystemError` of the first address that cannot be had; nothing listens then.
  package func listen(on addresses: [SocketAddress]) async throws(SystemError) -> [SocketAddress] {
    var port = addresses.first?.port ?? 0
    var listening: [SocketAddress] = []
    do throws(SystemError) {
      for address in addresses {
        try BoundSocket.checkFree(address.with(port: port))
        for part in parts {
          let wanted = address.with(port: port)
          let bound = try await part.eventLoop.run { () throws(SystemError) in
            try part.listen(on: wanted)
          }
          port = bound.port
          if part === parts.first { listening.append(bound) }
        }
      }
    } catch {
      _ = await drain(deadline: .now())
      throw error
    }
    return listening
  }

  /// Stops listening, answers what has arrived, and closes; what is not done by `deadline` is cut.
  /// - Returns: How many connections were cut.
  package func drain(deadline: MonotonicInstant) async -> Int {
    await withTaskGroup(of: Int.self) { group in
      for part in parts {
        group.addTask(executorPreference: part.eventLoop) {
          await part.drain(deadline: deadline)
        }
      }
      return await group.reduce(0, +)
    }
  }

  /// The answer where no handler is.
  private static func answerWithoutHandler(
    _ request: ServerRequest
  ) async throws -> ServerResponse {
    switch request.match {
    case .options(let allow, _):
      return ServerResponse(status: .noContent, fields: [HTTPField(name: .allow, value: allow)])
    case .methodNotAllowed(let allow, _):
      return .problem(
        .methodNotAllowed, detail: "Method Not Allowed",
        fields: [HTTPField(name: .allow, value: allow)])
    case .redirect(let path): return redirect(request, to: path)
    case .notFound, .handler: return .notFound
    }
  }

  /// 307 to the same resource without its trailing slashes, absolute as the clients know it.
  private static func redirect(_ request: ServerRequest, to path: String) -> ServerResponse {
    var location = path
    if let host = request.head.host { location = "\(request.scheme)://\(host)\(path)" }
    if let query = request.head.query { location += "?\(query)" }
    return ServerResponse(
      status: .temporaryRedirect, fields: [HTTPField(name: .location, value: location)])
  }
}

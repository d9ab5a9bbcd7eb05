import Bytes
import HTTP1
@testable import HTTPServer
import HTTPTypes
import Testing

@Suite(.timeLimit(.minutes(1))) struct RouterTests {
  private static func head(_ method: String, _ target: String) throws -> RequestHead {
    var decoder = RequestDecoder(limits: HTTPLimits())
    var queue = ByteQueue()
    queue.append("\(method) \(target) HTTP/1.1\r\nhost: h\r\n\r\n")
    guard case .head(let head) = try decoder.next(&queue) else {
      throw HTTPProtocolError.truncatedHead
    }
    return head
  }

  private static let router: Router = {
    var router = Router()
    router.add("/", "root")
    router.add("/items", "items")
    router.add("/items", "added", .post)
    router.add("/items/all", "all")
    router.add("/put", "put", .put)
    router.add("/a b", "blank")
    router.add("/odd", "odd", HTTPRequest.Method("PURGE") ?? .trace)
    return router
  }()

  private static func name(_ match: RouteMatch) -> String {
    switch match {
    case .handler(_, let path): "handler \(path)"
    case .options(let allow, let path): "options \(path) \(allow)"
    case .methodNotAllowed(let allow, let path): "405 \(path) \(allow)"
    case .redirect(let path): "redirect \(path)"
    case .notFound: "404"
    }
  }

  @Test(arguments: [
    ("GET", "/", "handler /"), ("GET", "/items", "handler /items"),
    ("GET", "/items?a=/b/", "handler /items"), ("HEAD", "/items", "handler /items"),
    ("POST", "/items", "handler /items"), ("PUT", "/put", "handler /put"),
    ("PURGE", "/odd", "handler /odd"), ("GET", "/items/all", "handler /items/all"),
    ("GET", "/a%20b", "handler /a b"), ("GET", "/%69tems", "handler /items"),
    ("GET", "/items%2Fall", "handler /items/all"), ("GET", "http://x/items", "handler /items"),
    ("GET", "http://x", "handler /"), ("GET", "http://x/nothing", "404"),
    ("CONNECT", "x:1", "404"),
    ("DELETE", "/items", "405 /items GET, HEAD, POST, OPTIONS"),
    ("GET", "/put", "405 /put PUT, OPTIONS"), ("HEAD", "/put", "405 /put PUT, OPTIONS"),
    ("OPTIONS", "/items", "options /items GET, HEAD, POST, OPTIONS"),
    ("OPTIONS", "/put", "options /put PUT, OPTIONS"), ("OPTIONS", "/nothing", "404"),
    ("OPTIONS", "*", "options * GET, HEAD, POST, PUT, PURGE, OPTIONS"), ("GET", "/items/", "redirect /items"),
    ("POST", "/items//", "redirect /items"), ("DELETE", "/items/?a=b", "redirect /items"),
    ("GET", "/items/all/", "redirect /items/all"), ("GET", "/nothing", "404"),
    ("GET", "/nothing/", "404"), ("GET", "/ITEMS", "404"), ("GET", "/item", "404"),
    ("GET", "/itemss", "404"), ("GET", "//items", "404"), ("GET", "/items/%", "404"),
    ("GET", "//", "404"), ("GET", "/items%", "404"), ("CONNECT", "h:1", "404"),
  ])
  func whatIsFound(_ method: String, _ target: String, _ expected: String) throws {
    let match = Self.router.match(try Self.head(method, target))
    #expect(Self.name(match) == expected)
    let hasRoute = !["404", "redirect"].contains { expected.hasPrefix($0) }
    #expect((match.routePath != nil) == hasRoute)
  }

  @Test func theLastHandlerOfAMethodCounts() async throws {
    try await LiveServer.run { router in
      router.add("/", "first")
      router.add("/", "second")
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().body == "second")
        try client.get("/", method: "OPTIONS")
        #expect(try client.response()["allow"] == "GET, HEAD, OPTIONS")
      }
    }
  }

  // MARK: On the wire

  @Test func whatHasNoHandlerIsAnswered() async throws {
    try await LiveServer.run { $0.add("/items", "items") } _: { server in
      try await server.talk { client in
        try client.get("/nothing")
        let missing = try client.response()
        #expect(missing.line == "HTTP/1.1 404 Not Found")
        #expect(missing.body == #"{"detail":"Not Found"}"#)
        #expect(missing["content-type"] == "application/json")

        try client.post("/items", "content")
        let refused = try client.response()
        #expect(refused.line == "HTTP/1.1 405 Method Not Allowed")
        #expect(refused["allow"] == "GET, HEAD, OPTIONS")
        #expect(refused.body == #"{"detail":"Method Not Allowed"}"#)

        try client.get("/items", method: "OPTIONS")
        let options = try client.response()
        #expect(options.status == 204 && options["allow"] == "GET, HEAD, OPTIONS")

        try client.get("/items//?a=b&c")
        let moved = try client.response()
        #expect(moved.line == "HTTP/1.1 307 Temporary Redirect" && moved.body == "")
        #expect(moved["location"] == "http://h/items?a=b&c")
        try client.get("/items/")
        #expect(try client.response()["location"] == "http://h/items")

        // All of it on one connection.
        try client.get("/items")
        #expect(try client.response().body == "items")
      }
      try await server.talk { client in
        // Without Host a path has to do.
        try client.send("GET /items/ HTTP/1.0\r\n\r\n")
        #expect(try client.response()["location"] == "/items")
      }
    }
  }

  // MARK: Middleware

  private struct Layer: Middleware {
    let name: String

    func respond(to request: ServerRequest, next: Handler) async throws -> ServerResponse {
      if request.head.query == name { return .text("stopped at \(name)") }
      var response = try await next(request)
      guard case .bytes(let bytes) = response.body else { return response }
      response.body = .bytes(Array("\(name)(".utf8) + bytes + Array(")".utf8))
      return response
    }
  }

  @Test func theFirstMiddlewareIsOutermost() async throws {
    try await LiveServer.run(middleware: [Layer(name: "a"), Layer(name: "b"), Layer(name: "c")]) {
      $0.add("/", "x")
    } _: { server in
      try await server.talk { client in
        for (target, expected) in [
          ("/", "a(b(c(x)))"), ("/?b", "a(stopped at b)"), ("/?a", "stopped at a"),
          ("/nothing", #"a(b(c({"detail":"Not Found"})))"#),
        ] {
          try client.get(target)
          #expect(try client.response().body == expected)
        }
      }
    }
  }

  private struct Rescue: Middleware {
    func respond(to request: ServerRequest, next: Handler) async throws -> ServerResponse {
      do {
        return try await next(request)
      } catch {
        return .text("rescued", status: .serviceUnavailable)
      }
    }
  }

  @Test func middlewareMayAnswerForAFailedHandler() async throws {
    struct Refused: Error {}
    try await LiveServer.run(middleware: [Rescue()]) { router in
      router.add(.get, "/") { _ in throw Refused() }
    } _: { server in
      try await server.talk { client in
        try client.get("/")
        let answer = try client.response()
        #expect(answer.status == 503 && answer.body == "rescued")
      }
    }
  }
}

import HTTP1
@testable import HTTPServer
import HTTPTypes
import InMemoryLogging
import InMemoryTracing
import Instrumentation
import Logging
import Metrics
import MetricsTestKit
import RawSockets
import ServiceContextModule
import Sockets
import Testing
import Tracing

@Suite(.timeLimit(.minutes(1))) struct ObservabilityTests {
  struct Refused: Error {}

  /// What the middleware told, of its own and nobody else's.
  struct Recording: Sendable {
    let tracer = InMemoryTracer()
    let metrics = TestMetrics()
    let log = InMemoryLogHandler()

    var middleware: ObservabilityMiddleware {
      let log = log
      return ObservabilityMiddleware(
        logger: Logger(label: "test") { _ in log }, tracer: tracer, factory: metrics)
    }

    /// The server's spans, which must be complete.
    func serverSpans() throws -> [FinishedInMemorySpan] {
      try #require(tracer.activeSpans.isEmpty)
      return tracer.finishedSpans.filter { $0.kind == .server }
    }

    var activeRequests: Double {
      metrics.meters(label: "http.server.active_requests").reduce(0) { $0 + ($1.lastValue ?? 0) }
    }
  }

  private static func addRoutes(_ router: inout Router, _ recording: Recording) {
    router.add("/items", "items")
    router.add(.get, "/child") { _ in
      let span = recording.tracer.startSpan("inner", context: .current ?? .topLevel)
      span.end()
      return .text("child")
    }
    router.add(.get, "/throws") { _ in throw Refused() }
    router.add(.get, "/unavailable") { _ in .text("busy", status: .serviceUnavailable) }
    router.add(.get, "/bad") { _ in .text("bad", status: .badRequest) }
    router.addEcho()
    router.add(.get, "/stream") { _ in
      ServerResponse(body: .stream(StreamedBody { writer in
        // The span goes on while this is sent.
        #expect(recording.tracer.activeSpans.count == 1 && recording.activeRequests == 1)
        #expect(ServiceContext.current?.inMemorySpanContext != nil)
        try await writer.write([1, 2, 3])
      }))
    }
    router.add(.get, "/broken") { _ in
      ServerResponse(body: .stream(StreamedBody { _ in throw Refused() }))
    }
  }

  /// Runs requests against an observed server, and gives what was told about them.
  private static func record(
    _ body: @escaping @Sendable (WireClient) async throws -> Void
  ) async throws -> Recording {
    let recording = Recording()
    try await LiveServer.run(middleware: [recording.middleware]) {
      addRoutes(&$0, recording)
    } _: { server in
      try await server.talk(body)
      #expect(await server.settle(connections: 0))
    }
    #expect(recording.activeRequests == 0)
    return recording
  }

  static func text(_ attributes: SpanAttributes) -> [String: String] {
    var all: [String: String] = [:]
    attributes.forEach { name, value in
      switch value {
      case .string(let text): all[name] = text
      case .int64(let number): all[name] = "\(number)"
      default: all[name] = "\(value)"
      }
    }
    return all
  }

  private static func text(_ timer: TestTimer) -> [String: String] {
    Dictionary(timer.dimensions) { first, _ in first }
  }

  @Test func aRequestIsASpanAPointAndARecord() async throws {
    let port = Locked("")
    let recording = try await Self.record { client in
      port.update { $0 = "\(client.socket.localPort)" }
      try client.get("/items?a=b&sig=secret", "user-agent: probe/1\r\n")
      #expect(try client.response().body == "items")
    }
    let span = try #require(recording.serverSpans().first)
    #expect(span.operationName == "GET /items" && span.status == nil && span.errors.isEmpty)
    #expect(
      Self.text(span.attributes) == [
        "http.request.method": "GET", "http.route": "/items", "http.response.status_code": "200",
        "url.path": "/items", "url.query": "a=b&sig=REDACTED", "url.scheme": "http",
        "network.protocol.version": "1.1", "user_agent.original": "probe/1",
        "server.address": "h", "client.address": "127.0.0.1",
        "network.peer.address": "127.0.0.1", "network.peer.port": port.value,
      ])
    let timer = try #require(recording.metrics.timers.first)
    #expect(timer.label == "http.server.request.duration" && recording.metrics.timers.count == 1)
    #expect(
      Self.text(timer) == [
        "http.request.method": "GET", "http.route": "/items", "http.response.status_code": "200",
        "url.scheme": "http", "network.protocol.version": "1.1",
      ])
    // The point is the span's duration, to the nanosecond.
    let elapsed = span.endInstant.nanosecondsSinceEpoch - span.startInstant.nanosecondsSinceEpoch
    #expect(timer.values == [Int64(elapsed)])
    let entry = try #require(recording.log.entries.first)
    #expect(recording.log.entries.count == 1 && entry.level == .info)
    #expect(entry.message == "request completed")
    #expect(entry.metadata["http.route"] == "/items" && entry.metadata["error.type"] == nil)
    #expect(entry.metadata["http.request.method"] == "GET")
    #expect(entry.metadata["http.response.status_code"]?.description == "200")
  }

  @Test func theCallersTraceGoesOn() async throws {
    let recording = try await Self.record { client in
      try client.get("/child", "in-memory-trace-id: t1\r\nin-memory-span-id: s1\r\n")
      #expect(try client.response().body == "child")
      try client.get("/items")
      _ = try client.response()
    }
    let spans = try recording.serverSpans()
    #expect(spans[0].traceID == "t1" && spans[0].parentSpanID == "s1")
    #expect(spans[1].traceID != "t1" && spans[1].parentSpanID == nil)
    let inner = try #require(recording.tracer.finishedSpans.first { $0.operationName == "inner" })
    #expect(inner.traceID == "t1" && inner.parentSpanID == spans[0].spanID)
  }

  struct Row: Sendable {
    let request: String
    let name: String
    let status: Int?
    var route: String?
    var error: String?
    var method = "GET"
    var recorded = 0
  }

  private static let host = "HTTP/1.1\r\nhost: h\r\n"

  @Test(arguments: [
    Row(request: "GET /nothing \(host)\r\n", name: "GET", status: 404),
    Row(request: "GET /items/ \(host)\r\n", name: "GET", status: 307),
    Row(request: "GET /bad \(host)\r\n", name: "GET /bad", status: 400, route: "/bad"),
    Row(request: "DELETE /items \(host)\r\n", name: "DELETE /items", status: 405, route: "/items",
      method: "DELETE"),
    Row(request: "OPTIONS /items \(host)\r\n", name: "OPTIONS /items", status: 204,
      route: "/items", method: "OPTIONS"),
    Row(request: "BREW /items \(host)\r\n", name: "HTTP /items", status: 405, route: "/items",
      method: "_OTHER"),
    Row(request: "BREW /nothing \(host)\r\n", name: "HTTP", status: 404, method: "_OTHER"),
    Row(request: "GET /unavailable \(host)\r\n", name: "GET /unavailable", status: 503,
      route: "/unavailable", error: "503"),
    Row(request: "GET /throws \(host)\r\n", name: "GET /throws", status: 500, route: "/throws",
      error: "Refused", recorded: 1),
    Row(request: "POST /echo \(host)transfer-encoding: chunked\r\n\r\nzz\r\n", name: "POST /echo",
      status: 400, route: "/echo", method: "POST"),
    // The client leaves: nobody is answered.
    Row(request: "POST /echo \(host)content-length: 5\r\n\r\n123", name: "POST /echo",
      status: nil, route: "/echo", error: "disconnected", method: "POST", recorded: 1),
    Row(request: "GET /stream \(host)\r\n", name: "GET /stream", status: 200, route: "/stream"),
    Row(request: "HEAD /stream \(host)\r\n", name: "HEAD /stream", status: 200, route: "/stream",
      method: "HEAD"),
    Row(request: "GET /broken \(host)\r\n", name: "GET /broken", status: 200, route: "/broken",
      error: "Refused", recorded: 1),
  ])
  func outcomes(_ row: Row) async throws {
    let recording = try await Self.record { client in
      try client.send(row.request)
      client.socket.endWriting()
      _ = try client.rest()
    }
    let span = try #require(recording.serverSpans().first)
    let attributes = Self.text(span.attributes)
    #expect(span.operationName == row.name)
    #expect(attributes["http.response.status_code"] == row.status.map(String.init))
    #expect(attributes["http.route"] == row.route && attributes["error.type"] == row.error)
    #expect(attributes["http.request.method"] == row.method)
    #expect(attributes["http.request.method_original"] == (row.method == "_OTHER" ? "BREW" : nil))
    #expect(span.status?.code == (row.error == nil ? nil : .error))
    #expect(span.errors.count == row.recorded)
    let timer = try #require(recording.metrics.timers.first)
    let dimensions = Self.text(timer)
    #expect(timer.values.count == 1)
    for name in ["http.response.status_code", "http.route", "error.type", "http.request.method"] {
      #expect(dimensions[name] == attributes[name], "\(name)")
    }
    let entry = try #require(recording.log.entries.first)
    #expect(entry.level == (row.error == nil ? .info : .error))
    #expect(entry.metadata["error.type"]?.description == row.error)
    #expect(entry.metadata["http.response.status_code"]?.description == row.status.map(String.init))
  }

  @Test(arguments: [
    ("h", "h", nil), ("shop.example:8080", "shop.example", "8080"), ("[::1]", "::1", nil),
    ("[::1]:80", "::1", "80"), ("h:", "h", nil),
  ] as [(String, String, String?)])
  func theServersAddressIsTheHost(_ host: String, _ name: String, _ port: String?) async throws {
    let recording = try await Self.record { client in
      try client.send("GET /items HTTP/1.0\r\nhost: \(host)\r\n\r\n")
      _ = try client.rest()
    }
    let attributes = Self.text(try #require(recording.serverSpans().first).attributes)
    #expect(attributes["server.address"] == name && attributes["server.port"] == port)
    #expect(attributes["network.protocol.version"] == "1.0" && attributes["url.query"] == nil)
    let timer = try #require(recording.metrics.timers.first)
    #expect(Self.text(timer)["network.protocol.version"] == "1.0")
  }

  @Test func onePointForEachSetOfAttributes() async throws {
    let recording = try await Self.record { client in
      for target in ["/items", "/items?x", "/nothing", "/nothing/else", "/items"] {
        try client.get(target)
        _ = try client.response()
      }
    }
    #expect(recording.metrics.timers.map(\.values.count).sorted() == [2, 3])
  }
}

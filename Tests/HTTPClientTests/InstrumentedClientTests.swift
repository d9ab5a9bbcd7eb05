import HTTP1
import HTTPClient
import HTTPTypes
import InMemoryTracing
import Instrumentation
import Metrics
import MetricsTestKit
import RawSockets
import ServiceContextModule
import Sockets
import Testing
import Tracing

/// What telemetry says of requests (OpenTelemetry's semantic conventions for HTTP clients).
@Suite(.timeLimit(.minutes(1))) struct InstrumentedClientTests {
  /// What one client told.
  struct Recording {
    let tracer = InMemoryTracer()
    let metrics = TestMetrics()
    var requests: [String] = []
    var result: Result<ClientResponse, HTTPClientError>?

    func spans() throws -> [FinishedInMemorySpan] {
      try #require(tracer.activeSpans.isEmpty)
      return tracer.finishedSpans
    }
  }

  /// Sends a request to a server that gives each request the next of `answers`.
  private static func record(
    _ method: HTTPRequest.Method = .get, _ target: String = "/", answers: String...,
    resendCount: Int = 0, redirectsMax: Int = 0,
    context: ServiceContext = .topLevel
  ) async throws -> (Recording, port: UInt16) {
    var recording = Recording()
    let (tracer, metrics) = (recording.tracer, recording.metrics)
    let (requests, (result, port)) = try await LiveClient.run { client in
      try await StandIn.run { server in
        let peer = try server.accept()
        return try answers.map { answer in
          let request = try peer.request()
          try peer.send(answer.replacing("PORT", with: "\(server.port)"))
          return request
        }
      } _: { port -> (Result<ClientResponse, HTTPClientError>, UInt16) in
        let instrumented = InstrumentedClient(client.client, tracer: tracer, factory: metrics)
        var request = ClientRequest(
          method, HTTPURL(scheme: .http, host: "127.0.0.1", port: port, target: target))
        request.resendCount = resendCount
        request.redirectsMax = redirectsMax
        let sent = request
        return await ServiceContext.withValue(context) {
          do throws(HTTPClientError) {
            let response = try await instrumented.send(sent, deadline: .now() + .seconds(30))
            return (.success(response), port)
          } catch {
            return (.failure(error), port)
          }
        }
      }
    }
    recording.requests = requests
    recording.result = result
    return (recording, port)
  }

  private static func text(_ attributes: SpanAttributes) -> [String: String] {
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

  private static func points(_ recording: Recording) -> [[String: String]] {
    recording.metrics.timers.map { timer in
      #expect(timer.label == "http.client.request.duration" && timer.values.count == 1)
      return Dictionary(timer.dimensions) { first, _ in first }
    }
  }

  @Test func anExchange() async throws {
    let (recording, port) = try await Self.record(
      .get, "/a?b=c&sig=secret", answers: "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
    let span = try #require(try recording.spans().first)
    #expect(try recording.spans().count == 1)
    #expect(span.operationName == "GET" && span.kind == .client && span.status == nil)
    #expect(
      Self.text(span.attributes) == [
        "http.request.method": "GET", "server.address": "127.0.0.1", "server.port": "\(port)",
        "url.full": "http://127.0.0.1:\(port)/a?b=c&sig=REDACTED",
        "http.response.status_code": "200", "network.protocol.version": "1.1",
        "network.peer.address": "127.0.0.1", "network.peer.port": "\(port)",
      ])
    #expect(
      Self.points(recording) == [[
        "http.request.method": "GET", "server.address": "127.0.0.1", "server.port": "\(port)",
        "url.scheme": "http", "network.protocol.version": "1.1", "http.response.status_code": "200",
      ]])
    // The secret stays out of the telemetry, not out of the request.
    #expect(recording.requests[0].hasPrefix("GET /a?b=c&sig=secret "))
  }

  /// The server is told of the attempt's span, which is a child of the caller's.
  @Test func theTraceGoesAlong() async throws {
    let caller = InMemoryTracer()
    let parent = caller.startSpan("caller", context: .topLevel)
    let (recording, _) = try await Self.record(
      answers: "HTTP/1.1 204 No Content\r\n\r\n", context: parent.context)
    parent.end()
    let span = try #require(try recording.spans().first)
    #expect(span.traceID == parent.context.inMemorySpanContext?.traceID)
    #expect(span.parentSpanID == parent.context.inMemorySpanContext?.spanID)
    #expect(recording.requests[0].contains(": \(span.traceID)\r\n"))
    #expect(recording.requests[0].contains(": \(span.spanID)\r\n"))
  }

  @Test(arguments: [400, 404, 500, 503])
  func anAnswerThatIsAnError(_ status: Int) async throws {
    let (recording, _) = try await Self.record(
      .post, answers: "HTTP/1.1 \(status) X\r\ncontent-length: 0\r\n\r\n", resendCount: 2)
    let span = try #require(try recording.spans().first)
    #expect(span.operationName == "POST" && span.status?.code == .error)
    let attributes = Self.text(span.attributes)
    #expect(attributes["error.type"] == "\(status)")
    #expect(attributes["http.response.status_code"] == "\(status)")
    #expect(attributes["http.request.resend_count"] == "2")
    #expect(Self.points(recording).first?["error.type"] == "\(status)")
  }

  @Test func noAnswer() async throws {
    let (recording, _) = try await Self.record(answers: "HTTP/1.1 2x0\r\n\r\n")
    guard case .failure = recording.result else {
      Issue.record("\(String(describing: recording.result))")
      return
    }
    let span = try #require(try recording.spans().first)
    #expect(span.status?.code == .error)
    #expect(span.status?.message == "the server broke the protocol: bad_status_line (502)")
    let attributes = Self.text(span.attributes)
    #expect(attributes["error.type"] == "bad_status_line")
    #expect(attributes["http.response.status_code"] == nil)
    let point = try #require(Self.points(recording).first)
    #expect(point["error.type"] == "bad_status_line" && point["http.response.status_code"] == nil)
  }

  /// Each redirect that is followed is an attempt of its own.
  @Test func redirects() async throws {
    let (recording, port) = try await Self.record(
      answers: "HTTP/1.1 302 X\r\nlocation: /next\r\ncontent-length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", redirectsMax: 1)
    let attributes = try recording.spans().map { Self.text($0.attributes) }
    #expect(
      attributes.map { $0["url.full"] } == [
        "http://127.0.0.1:\(port)/", "http://127.0.0.1:\(port)/next",
      ])
    #expect(attributes.map { $0["http.response.status_code"] } == ["302", "200"])
    #expect(attributes.map { $0["http.request.resend_count"] } == [nil, "1"])
    #expect(recording.requests.count == 2)
  }
}

import HTTP1
@testable import HTTPServer
import HTTPTypes
import InMemoryTracing
import Logging
import MetricsTestKit
import RawSockets
import ServiceContextModule
import Testing

/// Which answers name their trace.
@Suite(.timeLimit(.minutes(1))) struct TraceResponseTests {
  private struct Refused: Error {}

  private func answer(
    _ target: String, _ traceResponse: ObservabilityMiddleware.TraceResponse?
  ) async throws -> (answer: WireClient.Response, spans: [FinishedInMemorySpan]) {
    let tracer = InMemoryTracer()
    let middleware = ObservabilityMiddleware(
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, tracer: tracer,
      factory: TestMetrics(), traceResponse: traceResponse)
    let answers = Locked<[WireClient.Response]>([])
    try await LiveServer.run(middleware: [middleware]) { router in
      router.add("/items", "items")
      router.add(.get, "/bad") { _ in .problem(.badRequest, detail: "no") }
      router.add(.get, "/throws") { _ in throw Refused() }
      router.add(.get, "/stream") { _ in
        ServerResponse(
          status: .badGateway, body: .stream(StreamedBody { try await $0.write([0x78]) }))
      }
    } _: { server in
      try await server.talk { client in
        try client.get(target)
        let answer = try client.response()
        answers.update { $0.append(answer) }
      }
      #expect(await server.settle(connections: 0))
    }
    return (try #require(answers.value.first), tracer.finishedSpans)
  }

  @Test(arguments: [
    ("/bad", 400), ("/nope", 404), ("/throws", 500), ("/stream", 502),
  ])
  func errorsDo(_ target: String, _ status: Int) async throws {
    let (answer, spans) = try await answer(target) { $0.inMemorySpanContext?.traceID }
    #expect(answer.status == status)
    #expect(spans.count == 1)
    #expect(answer["traceresponse"] == spans.first?.traceID)
  }

  @Test func othersDoNot() async throws {
    let (answer, _) = try await answer("/items") { _ in "trace" }
    #expect((answer.status, answer["traceresponse"]) == (200, nil))
  }

  @Test func whoeverCannotNameATraceDoesNot() async throws {
    for named in [nil, { _ in nil }] as [ObservabilityMiddleware.TraceResponse?] {
      let (answer, _) = try await answer("/bad", named)
      #expect((answer.status, answer["traceresponse"]) == (400, nil))
    }
  }
}

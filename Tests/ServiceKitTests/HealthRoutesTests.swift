import HTTPTypes
import InMemoryTracing
import TestSupport
import Testing
import Tracing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct HealthRoutesTests {
  private func configuration(_ environment: [String: String]) throws -> ServiceConfiguration {
    try ServiceConfiguration(
      serviceName: "test-service", variablePrefix: "TEST", defaultPort: 1, coreCount: 1,
      settings: Settings(environment: environment))
  }

  private func answer(
    _ path: String, _ environment: [String: String] = [:], isStoreReady: Bool = true,
    isDraining: Bool = false, detail: [(name: String, state: String)] = []
  ) async throws -> String {
    let draining = DrainFlag()
    if isDraining { draining.set() }
    let routes = HealthRoutes(
      try configuration(environment), draining: draining, isStoreReady: { isStoreReady },
      detail: { detail })
    let server = try await TestServer { routes.add(to: &$0) }
    let answer = try await server.send(.get, path)
    await server.stop()
    return "\(answer.status) \(answer[.contentType] ?? "") \(answer.body)"
  }

  @Test func whatClientsKnow() async throws {
    #expect(
      try await answer("/health", ["APP_ENV": "a \"b\""])
        == #"200 application/json {"status":"ok","environment":"a \"b\"","service_name":"test-service"}"#)
    #expect(
      try await answer("/health", isStoreReady: false, isDraining: true).hasPrefix("200 "),
      "it says that the process is there, no more")
  }

  @Test func alive() async throws {
    #expect(
      try await answer("/health/live", isStoreReady: false, isDraining: true)
        == #"200 application/json {"status":"ok"}"#)
  }

  @Test(arguments: [
    (true, false, #"200 application/json {"status":"ready","store":"ok","draining":false"#),
    (false, false,
     #"503 application/json {"status":"not ready","store":"unavailable","draining":false"#),
    (true, true, #"503 application/json {"status":"not ready","store":"ok","draining":true"#),
    (false, true,
     #"503 application/json {"status":"not ready","store":"unavailable","draining":true"#),
  ])
  func ready(_ isStoreReady: Bool, _ isDraining: Bool, _ expected: String) async throws {
    #expect(
      try await answer("/health/ready", isStoreReady: isStoreReady, isDraining: isDraining)
        == "\(expected)}")
    #expect(
      try await answer(
        "/health/ready", isStoreReady: isStoreReady, isDraining: isDraining,
        detail: [("a\"", "b"), ("c", "d")]) == #"\#(expected),"a\"":"b","c":"d"}"#)
  }

  @Test(arguments: [("otlp", ["health_endpoint"]), ("off", [])])
  func isTracedWhenAnythingIs(_ mode: String, _ spans: [String]) async throws {
    let tracer = InMemoryTracer()
    _ = try await withTracer(tracer) { try await answer("/health", ["TELEMETRY": mode]) }
    #expect(tracer.finishedSpans.map(\.operationName) == spans)
  }

  @Test func theFlagStaysUp() {
    let flag = DrainFlag()
    #expect(!flag.isSet)
    flag.set()
    flag.set()
    #expect(flag.isSet)
  }
}

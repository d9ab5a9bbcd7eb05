import APIDescription
import HTTPTypes
import TestSupport
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct DocumentationRoutesTests {
  private func answer(
    _ path: String, traces: DocumentationRoutes.Traces = .init(isRecorded: false, url: nil)
  ) async throws -> TestServer.Answer {
    let routes = DocumentationRoutes(traces: traces) {
      ServiceAPI.describe(
        title: "Test", purpose: "Tests.", tag: APIDescription.Tag("t", "T."), endpoints: [])
    }
    let server = try await TestServer { routes.add(to: &$0) }
    let answer = try await server.send(.get, path)
    await server.stop()
    return answer
  }

  @Test(arguments: [
    ("/docs", "text/html; charset=utf-8", "<script type=\"module\" src=\"docs/docs.js\">"),
    ("/redoc", "text/html; charset=utf-8", "<script type=\"module\" src=\"docs/docs.js\">"),
    ("/docs/oauth2-redirect", "text/html; charset=utf-8", "No sign-in"),
    ("/docs/docs.css", "text/css; charset=utf-8", "prefers-color-scheme: dark"),
    ("/docs/docs.js", "text/javascript; charset=utf-8", "openapi.json"),
  ])
  func pages(_ path: String, _ type: String, _ part: String) async throws {
    let answer = try await answer(path)
    #expect(answer.status == 200)
    #expect(answer[.contentType] == type)
    #expect(answer.body.contains(part))
    #expect(answer[.xContentTypeOptions] == "nosniff")
    let policy = try #require(answer[.contentSecurityPolicy])
    #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
    #expect(!policy.contains("unsafe"))
  }

  /// All that a visitor loads, before compression.
  @Test func thePageIsSmall() async throws {
    var bytes = 0
    for path in ["/docs", "/docs/docs.css", "/docs/docs.js"] {
      bytes += try await answer(path).body.utf8.count
    }
    #expect(bytes < 60_000)
  }

  @Test func theDocumentSaysWhereTracesAre() async throws {
    #expect(try await answer("/openapi.json").body.hasSuffix(#","x-traces":{"recorded":false}}"#))
    let traces = DocumentationRoutes.Traces(isRecorded: true, url: "http://j/trace/{trace_id}")
    #expect(
      try await answer("/openapi.json", traces: traces).body
        .hasSuffix(#","x-traces":{"recorded":true,"url":"http://j/trace/{trace_id}"}}"#))
  }
}

import APIDescription
import Bytes
import DocumentationPages
import HTTPServer
import HTTPTypes

/// The service's description of itself: `/openapi.json`, and the pages that show it. Nothing of
/// them is kept in memory: who asks gets it made.
struct DocumentationRoutes: Sendable {
  /// What the pages can say of a request's trace.
  struct Traces: Sendable {
    /// Whether there is one.
    let isRecorded: Bool
    /// Where it can be looked at, with `{trace_id}` for its id.
    let url: String?
  }

  private let api: @Sendable () -> APIDescription
  private let traces: Traces

  init(traces: Traces, api: @escaping @Sendable () -> APIDescription) {
    self.traces = traces
    self.api = api
  }

  func add(to router: inout Router) {
    router.add(.get, "/openapi.json") { _ in .json(document, fields: [Self.cacheControl]) }
    let html = "text/html; charset=utf-8"
    for path in ["/docs", "/redoc"] {
      addPage(path, html, to: &router) { DocumentationPages.page }
    }
    addPage("/docs/docs.css", "text/css; charset=utf-8", to: &router) { DocumentationPages.style }
    addPage("/docs/docs.js", "text/javascript; charset=utf-8", to: &router) {
      DocumentationPages.script
    }
    addPage("/docs/oauth2-redirect", html, to: &router) { DocumentationPages.signIn }
  }

  private func addPage(
    _ path: String, _ type: String, to router: inout Router,
    content: @escaping @Sendable () -> [UInt8]
  ) {
    router.add(.get, path) { _ in
      ServerResponse(contentType: type, fields: Self.fields, body: .bytes(content()))
    }
  }

  private var document: [UInt8] { Self.document(api(), extensions: [.init("x-traces", told)]) }

  private var told: JSONValue {
    let url = traces.url.map { [JSONValue.Member("url", .string($0))] } ?? []
    return .object([.init("recorded", .bool(traces.isRecorded))] + url)
  }

  /// The OpenAPI document as JSON.
  static func document(_ api: APIDescription, extensions: [JSONValue.Member] = []) -> [UInt8] {
    var queue = ByteQueue(capacity: 32_768)
    api.openAPI(extensions: extensions).append(to: &queue)
    return queue.array()
  }

  private static let cacheControl = HTTPField(name: .cacheControl, value: "no-cache")

  /// The pages load nothing from anywhere else, and nobody may frame them.
  private static let fields = [
    HTTPField(
      name: .contentSecurityPolicy,
      value: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    HTTPField(name: .xContentTypeOptions, value: "nosniff"),
    HTTPField(name: .known("referrer-policy"), value: "no-referrer"),
    cacheControl,
  ]
}

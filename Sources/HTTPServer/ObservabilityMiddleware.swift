import HTTP1
import HTTPTypes
import Instrumentation
package import Logging
import Metrics
import ServiceContextModule
import Sockets
import Tracing

/// Makes every request visible: a SERVER span that continues the caller's trace, a point of
/// `http.server.request.duration`, and one log record (OpenTelemetry's semantic conventions for
/// HTTP). A streamed response is measured to its end.
package struct ObservabilityMiddleware: Middleware {
  private let logger: Logger
  private let timers = ServerTimers()
  private let activeRequests = Metrics.Meter(label: "http.server.active_requests")

  package init(logger: Logger) { self.logger = logger }

  package func respond(
    to request: ServerRequest, next: Handler
  ) async throws -> ServerResponse {
    let observation = begin(request)
    return try await ServiceContext.withValue(observation.context) {
      do {
        var response = try await next(request)
        guard case .stream(let body) = response.body else {
          finish(observation, status: response.status.code, error: nil)
          return response
        }
        response.body = .stream(observed(body, observation, status: response.status.code))
        return response
      } catch {
        // Content that breaks a rule is answered by the connection; anything else is our defect.
        let refusal = (error as? HTTPServerError).flatMap(\.status)
        finish(
          observation, status: refusal?.code ?? 500, error: refusal?.kind == .clientError ? nil : error)
        throw error
      }
    }
  }

  /// A request under way.
  private struct Observation: Sendable {
    let span: any Span
    let context: ServiceContext
    let method: String
    let scheme: StaticString
    let route: String?
    let path: String
    let start: DefaultTracerClock.Timestamp
  }

  private func begin(_ request: ServerRequest) -> Observation {
    activeRequests.increment()
    var context = ServiceContext.topLevel
    InstrumentationSystem.instrument.extract(
      request.head, into: &context, using: HeadExtractor())
    let method = ServerTimers.knownMethod(request.method)
    let route = request.match.routePath
    let start = DefaultTracerClock.now
    let span: any Span = InstrumentationSystem.tracer.startSpan(
      route.map { "\(method == "_OTHER" ? "HTTP" : method) \($0)" }
        ?? (method == "_OTHER" ? "HTTP" : method), context: context, ofKind: .server, at: start)
    if span.isRecording { describe(request, method, route, on: span) }
    return Observation(
      span: span, context: span.context, method: method, scheme: request.scheme, route: route,
      path: request.head.path, start: start)
  }

  private func describe(
    _ request: ServerRequest, _ method: String, _ route: String?, on span: any Span
  ) {
    span.updateAttributes { attributes in
      attributes["http.request.method"] = method
      if method == "_OTHER" {
        attributes["http.request.method_original"] = request.method.rawValue
      }
      attributes["url.path"] = request.head.path
      attributes["url.scheme"] = "\(request.scheme)"
      if let query = request.head.query { attributes["url.query"] = QueryRedaction.redact(query) }
      if let route { attributes["http.route"] = route }
      attributes["network.protocol.version"] = request.head.version == .http11 ? "1.1" : "1.0"
      if let host = request.head.host {
        let (name, port) = Self.split(host)
        attributes["server.address"] = name
        if let port { attributes["server.port"] = port }
      }
      if let peer = request.peerAddress {
        let address = peer.host
        attributes["client.address"] = address
        attributes["network.peer.address"] = address
        attributes["network.peer.port"] = Int(peer.port)
      }
      if let agent = request.head[.userAgent] { attributes["user_agent.original"] = agent }
    }
  }

  private func observed(
    _ body: StreamedBody, _ observation: Observation, status: Int
  ) -> StreamedBody {
    StreamedBody(
      produce: { writer in
        try await ServiceContext.withValue(observation.context) {
          do {
            try await body.produce(writer)
            finish(observation, status: status, error: nil)
          } catch {
            finish(observation, status: status, error: error)
            throw error
          }
        }
      },
      abandon: {
        body.abandon()
        finish(observation, status: status, error: nil)
      })
  }

  private func finish(_ observation: Observation, status: Int, error: (any Error)?) {
    let errorType = error.map { "\(type(of: $0))" } ?? (status >= 500 ? "\(status)" : nil)
    let span = observation.span
    if span.isRecording {
      span.attributes["http.response.status_code"] = status
      if let errorType { span.attributes["error.type"] = errorType }
      if errorType != nil { span.setStatus(SpanStatus(code: .error)) }
      if let error { span.recordError(error) }
    }
    // One clock for both: the metric's value is the span's duration.
    let end = DefaultTracerClock.now
    let elapsed = max(
      0,
      Int64(clamping: end.nanosecondsSinceEpoch)
        - Int64(clamping: observation.start.nanosecondsSinceEpoch))
    timers.timer(
      method: observation.method, scheme: "\(observation.scheme)", route: observation.route,
      status: status, error: errorType
    ).recordNanoseconds(elapsed)
    activeRequests.decrement()
    logger.log(
      level: errorType == nil ? .info : .error, "request completed",
      metadata: [
        "http.request.method": "\(observation.method)",
        "http.route": "\(observation.route ?? observation.path)",
        "http.response.status_code": .stringConvertible(status),
        "duration_ms": .stringConvertible(Double(elapsed / 1000) / 1000),
      ])
    span.end(at: end)
  }

  private static func split(_ host: String) -> (String, Int?) {
    guard let colon = host.lastIndex(of: ":"), !host.hasSuffix("]"),
      let port = Int(host[host.index(after: colon)...])
    else { return (host, nil) }
    return (String(host[..<colon]), port)
  }
}

/// Reads propagation fields from a request.
private struct HeadExtractor: Extractor {
  func extract(key: String, from head: RequestHead) -> String? {
    HTTPField.Name(key).flatMap { head[$0] }
  }
}

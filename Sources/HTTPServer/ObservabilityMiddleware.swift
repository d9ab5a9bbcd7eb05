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

  /// Looked up once: that takes longer than starting a span.
  private let tracer: any Tracer

  package init(logger: Logger) {
    self.logger = logger
    tracer = InstrumentationSystem.tracer
  }

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

  private func begin(_ request: ServerRequest) -> RequestObservation {
    activeRequests.increment()
    var context = ServiceContext.topLevel
    tracer.extract(request.head, into: &context, using: HeadExtractor())
    let method = ServerTimers.knownMethod(request.method)
    let route = request.match.routePath
    let verb = method == ServerTimers.otherMethod ? "HTTP" : method
    let start = DefaultTracerClock.now
    let span: any Span = tracer.startSpan(
      route.map { verb + " " + $0 } ?? verb, context: context, ofKind: .server, at: start)
    return RequestObservation(
      span: span, context: span.context, request: request, method: method, start: start)
  }

  private func observed(
    _ body: StreamedBody, _ observation: RequestObservation, status: Int
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

  private func finish(_ observation: RequestObservation, status: Int, error: (any Error)?) {
    let errorType = error.map { "\(type(of: $0))" } ?? (status >= 500 ? "\(status)" : nil)
    let span = observation.span
    if span.isRecording {
      observation.describe(status: status, errorType: errorType)
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
      method: observation.method, scheme: observation.scheme, route: observation.route,
      status: status, error: errorType
    ).recordNanoseconds(elapsed)
    activeRequests.decrement()
    logger.log(
      level: errorType == nil ? .info : .error, "request completed",
      metadata: [
        "http.request.method": .string(observation.method),
        "http.route": .string(observation.route ?? observation.head.path),
        "http.response.status_code": .stringConvertible(status),
        "duration_ms": .stringConvertible(Double(elapsed / 1000) / 1000),
      ])
    span.end(at: end)
  }
}

/// Reads propagation fields from a request.
private struct HeadExtractor: Extractor {
  func extract(key: String, from head: RequestHead) -> String? {
    head.fields.value(named: key)
  }
}

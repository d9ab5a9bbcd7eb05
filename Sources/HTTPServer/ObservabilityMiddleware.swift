import HTTP1
import HTTPTypes
import Instrumentation
package import Logging
package import Metrics
package import ServiceContextModule
import Sockets
package import Tracing

/// Makes every request visible: a SERVER span that continues the caller's trace, a point of
/// `http.server.request.duration`, and one log record (OpenTelemetry's semantic conventions for
/// HTTP). A streamed response is measured to its end. An answer with an error names its trace.
package struct ObservabilityMiddleware: Middleware {
  private let logger: Logger
  private let timers: ServerTimers
  private let activeRequests: Metrics.Meter

  /// Looked up once: that takes longer than starting a span.
  private let tracer: any Tracer
  private let traceResponse: TraceResponse?

  /// The value of the `traceresponse` field for the span of a context; nil sends none.
  package typealias TraceResponse = @Sendable (ServiceContext) -> String?

  /// - Parameters:
  ///   - tracer: Of spans, and of what the caller sent of its own; the process's by default.
  ///   - factory: Of metrics; the process's by default.
  ///   - traceResponse: What an answer with an error says in `traceresponse` (W3C Trace Context,
  ///     "Trace Context HTTP Response Headers Format").
  package init(
    logger: Logger, tracer: any Tracer = InstrumentationSystem.tracer,
    factory: any MetricsFactory = MetricsSystem.factory, traceResponse: TraceResponse? = nil
  ) {
    self.logger = logger
    self.tracer = tracer
    self.traceResponse = traceResponse
    timers = ServerTimers(factory: factory)
    activeRequests = Metrics.Meter(label: "http.server.active_requests", factory: factory)
  }

  package func respond(
    to request: ServerRequest, next: Handler
  ) async throws -> ServerResponse {
    let observation = begin(request)
    return try await ServiceContext.withValue(observation.context) {
      do {
        var response = try await next(request)
        if request.body.isOverdue {
          response.abandon()
          throw HTTPServerError.handlerTimedOut
        }
        if response.status.code >= 400 { addTrace(observation.context, to: &response) }
        guard case .stream(let body) = response.body else {
          finish(observation, status: response.status.code, error: nil)
          return response
        }
        response.body = .stream(observed(body, observation, status: response.status.code))
        return response
      } catch {
        // However a handler ends that was answered for, the client was told this.
        let error: any Error = request.body.isOverdue ? HTTPServerError.handlerTimedOut : error
        // Content that breaks a rule is answered by the connection, and nobody is when the client
        // has left; anything else is our defect.
        let status = (error as? HTTPServerError).map { $0.status } ?? .internalServerError
        finish(
          observation, status: status?.code, error: status?.kind == .clientError ? nil : error)
        guard !(error is HTTPServerError) else { throw error }
        var response = ServerResponse.internalServerError
        addTrace(observation.context, to: &response)
        return response
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

  private func addTrace(_ context: ServiceContext, to response: inout ServerResponse) {
    guard let value = traceResponse?(context) else { return }
    response.fields.append(HTTPField(name: Self.traceResponseName, value: value))
  }

  private static let traceResponseName = HTTPField.Name.known("traceresponse")

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

  /// - Parameter status: nil when no response was sent.
  private func finish(_ observation: RequestObservation, status: Int?, error: (any Error)?) {
    let errorType = error.map(Self.label) ?? status.flatMap { $0 >= 500 ? "\($0)" : nil }
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
    timers.timer(observation, status: status, error: errorType).recordNanoseconds(elapsed)
    activeRequests.decrement()
    log(observation, status: status, errorType: errorType, elapsedNanoseconds: elapsed)
    span.end(at: end)
  }

  private func log(
    _ observation: RequestObservation, status: Int?, errorType: String?, elapsedNanoseconds: Int64
  ) {
    var metadata: Logger.Metadata = [
      "http.request.method": .string(observation.method),
      "http.route": .string(observation.route ?? observation.head.path),
      "duration_ms": .stringConvertible(Double(elapsedNanoseconds / 1000) / 1000),
    ]
    if let status { metadata["http.response.status_code"] = .stringConvertible(status) }
    if let errorType { metadata["error.type"] = .string(errorType) }
    logger.log(
      level: errorType == nil ? .info : .error, "request completed", metadata: metadata)
  }

  /// A short constant name, for `error.type`.
  private static func label(_ error: any Error) -> String {
    switch error {
    case HTTPServerError.disconnected: "disconnected"
    case HTTPServerError.handlerTimedOut: "timeout"
    default: "\(type(of: error))"
    }
  }
}

/// Reads propagation fields from a request.
private struct HeadExtractor: Extractor {
  func extract(key: String, from head: RequestHead) -> String? {
    head.fields.value(named: key)
  }
}

public import Instrumentation
import OTLP
import ServiceContextModule
public import Tracing

extension TelemetryTracer: Tracer {
  public func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> TelemetrySpan {
    startSpan(
      operationName, context: context(), kind: SpanRecord.Kind(kind),
      at: instant().nanosecondsSinceEpoch)
  }

  public func activeSpan(identifiedBy context: ServiceContext) -> TelemetrySpan? {
    context.activeSpan
  }

  /// Starts exporting what has ended, and returns at once.
  public func forceFlush() { startFlush() }

  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    propagator.extract(carrier, into: &context, using: extractor)
  }

  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    propagator.inject(context, into: &carrier, using: injector)
  }
}

extension SpanRecord.Kind {
  init(_ kind: SpanKind) {
    self =
      switch kind {
      case .server: .server
      case .client: .client
      case .producer: .producer
      case .consumer: .consumer
      case .internal: .internal
      }
  }
}

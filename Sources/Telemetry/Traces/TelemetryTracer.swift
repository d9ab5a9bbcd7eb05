public import Instrumentation
public import OTLP
import ServiceContextModule

/// Starts the spans of one instrumentation scope (OpenTelemetry specification, "Tracer"), and is
/// the backend of swift-distributed-tracing.
public final class TelemetryTracer: Sendable {
  private let provider: TracerProvider
  private let scope: Int
  let propagator: any Instrument
  private let onForceFlush: @Sendable () -> Void

  /// - Parameters:
  ///   - propagator: Carries context over requests.
  ///   - onForceFlush: Starts a flush and returns at once.
  package init(
    provider: TracerProvider, scope: InstrumentationScope, propagator: any Instrument,
    onForceFlush: @escaping @Sendable () -> Void = {}
  ) {
    self.provider = provider
    self.scope = provider.index(of: scope)
    self.propagator = propagator
    self.onForceFlush = onForceFlush
  }

  /// A tracer of another scope of the same pipeline.
  public func tracer(scope: InstrumentationScope) -> TelemetryTracer {
    TelemetryTracer(
      provider: provider, scope: scope, propagator: propagator, onForceFlush: onForceFlush)
  }

  /// Starts a span.
  /// - Parameters:
  ///   - context: Names the parent; by default the task's.
  ///   - attributes: Known before the span starts. Giving them here is better than setting them
  ///     later: the sampler sees these only.
  ///   - unixNanoseconds: When it started; nil is now.
  public func startSpan(
    _ name: String, context: ServiceContext? = .current, kind: SpanRecord.Kind,
    attributes: [Attribute] = [], links: [SpanRecord.Link] = [],
    at unixNanoseconds: UInt64? = nil
  ) -> TelemetrySpan {
    provider.startSpan(
      name, context: context ?? .topLevel, kind: kind, attributes: attributes, links: links,
      at: unixNanoseconds, scope: scope)
  }

  /// Starts exporting what has ended, and returns at once.
  public func startFlush() { onForceFlush() }
}

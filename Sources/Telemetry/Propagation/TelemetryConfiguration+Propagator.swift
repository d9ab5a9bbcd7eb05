import Instrumentation

extension TelemetryConfiguration {
  /// The propagators that are configured, as one.
  public func makePropagator() -> any TextMapPropagator {
    CompositePropagator(
      propagators.map { name -> any TextMapPropagator in
        switch name {
        case .traceContext: TraceContextPropagator()
        case .baggage: BaggagePropagator()
        case .b3: B3Propagator(.single)
        case .b3Multi: B3Propagator(.multiple)
        case .jaeger: JaegerPropagator()
        case .otTrace: OTTracePropagator()
        }
      })
  }
}

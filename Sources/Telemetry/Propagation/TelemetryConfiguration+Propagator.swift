package import Instrumentation

extension TelemetryConfiguration {
  /// The propagators that are configured, as one.
  package func makePropagator() -> any Instrument {
    CompositePropagator(
      propagators.map { name in
        switch name {
        case .traceContext: TraceContextPropagator()
        case .baggage: BaggagePropagator()
        case .b3: B3Propagator(.single)
        case .b3Multi: B3Propagator(.multiple)
        case .jaeger: JaegerPropagator()
        }
      })
  }
}

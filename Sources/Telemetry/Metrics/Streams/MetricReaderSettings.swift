package import OTLP

/// What a reader wants of the metrics it collects (specification, "MetricReader").
package struct MetricReaderSettings: Sendable {
  package var temporality = TelemetryConfiguration.TemporalityPreference.cumulative
  /// How histograms are kept when no view says so.
  package var histogramAggregation = TelemetryConfiguration.HistogramAggregation
    .explicitBucketHistogram
  /// How many sets of attributes one metric keeps apart when no view says so; more share one point.
  package var cardinalityMax = 2_000

  package init() {}
}

extension TelemetryConfiguration.TemporalityPreference {
  /// What points of an instrument count from (specification, "Metrics Exporter - OTLP").
  package func temporality(of kind: InstrumentKind) -> AggregationTemporality {
    switch (self, kind) {
    case (.delta, .counter), (.delta, .histogram), (.delta, .observableCounter): .delta
    case (.lowMemory, .counter), (.lowMemory, .histogram): .delta
    default: .cumulative
    }
  }
}

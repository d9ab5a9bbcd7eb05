public import OTLP

/// What a reader wants of the metrics it collects (specification, "MetricReader").
public struct MetricReaderSettings: Sendable {
  public var temporality = TelemetryConfiguration.TemporalityPreference.cumulative
  /// How histograms are kept when no view says so.
  public var histogramAggregation = TelemetryConfiguration.HistogramAggregation
    .explicitBucketHistogram
  /// What points count from, by the kind of the instrument, where ``temporality`` is not to say it.
  public var temporalities: [InstrumentKind: AggregationTemporality] = [:]
  /// How measurements become points, by the kind of the instrument, when no view says so.
  public var aggregations: [InstrumentKind: Aggregation] = [:]
  /// What is left out; nil leaves nothing out. A metric that is dropped is not collected: when it is
  /// a delta, what was measured meanwhile is part of the next one that is.
  public var filter: (any MetricFilter)?
  /// Bring metrics from elsewhere into every collection.
  public var producers: [any MetricProducer] = []
  /// How many sets of attributes one metric keeps apart when no view says so; more share one point.
  public var cardinalityMax = 2_000

  public init() {}
}

extension TelemetryConfiguration.TemporalityPreference {
  /// What points of an instrument count from (specification, "Metrics Exporter - OTLP").
  public func temporality(of kind: InstrumentKind) -> AggregationTemporality {
    switch (self, kind) {
    case (.delta, .counter), (.delta, .histogram), (.delta, .observableCounter): .delta
    case (.lowMemory, .counter), (.lowMemory, .histogram): .delta
    default: .cumulative
    }
  }
}

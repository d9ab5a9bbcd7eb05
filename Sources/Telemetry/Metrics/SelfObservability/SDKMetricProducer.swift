import OTLP

/// The module's own numbers as metrics (OpenTelemetry semantic conventions, "SDK metrics"): they are
/// counted where things happen, and only read here.
struct SDKMetricProducer: MetricProducer {
  static let scope = InstrumentationScope(
    name: "ostack.telemetry", version: TelemetryVersion.current,
    schemaURL: TelemetryConfiguration.schemaURL)

  private let statistics: @Sendable () -> TelemetryStatistics
  private let start: UInt64

  /// - Parameter statistics: What happened so far.
  init(
    start: UInt64 = WallClock.unixNanoseconds(),
    _ statistics: @escaping @Sendable () -> TelemetryStatistics
  ) {
    self.start = start
    self.statistics = statistics
  }

  func produce(at unixNanoseconds: UInt64, filter: (any MetricFilter)?) -> [ScopeMetrics] {
    let statistics = statistics()
    let points = SDKMetricPoints(start: min(start, unixNanoseconds), end: unixNanoseconds)
    let metrics =
      points.spans(statistics) + points.processors(statistics) + points.exporters(statistics)
    return [
      ScopeMetrics(
        scope: Self.scope,
        metrics: metrics.filter { $0.data.pointCount > 0 }.sorted { $0.name < $1.name })
    ]
  }
}

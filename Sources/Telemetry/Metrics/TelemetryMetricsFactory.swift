package import CoreMetrics

/// The backend of swift-metrics. The same label with the same dimensions is the same series.
///
/// Timers become histograms in seconds, recorders that aggregate become histograms, others gauges;
/// meters that count what is under way become sums that go up and down.
package final class TelemetryMetricsFactory: MetricsFactory {
  /// For durations in seconds (semantic conventions, `http.server.request.duration`).
  private static let durationBoundaries = [
    0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ]
  /// For durations of database operations (`db.client.operation.duration`).
  private static let databaseBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
  /// The specification's, for anything else.
  private static let valueBoundaries: [Double] = [
    0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000,
  ]

  private let registry: MetricRegistry
  private let exemplarFilter: TelemetryConfiguration.ExemplarFilter

  init(registry: MetricRegistry, exemplarFilter: TelemetryConfiguration.ExemplarFilter) {
    self.registry = registry
    self.exemplarFilter = exemplarFilter
  }

  package func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    registry.series(identity(label, .counter), dimensions) { CounterSeries() }
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    registry.series(identity(label, .counter), dimensions) { FloatingPointCounterSeries() }
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    let kind: MetricIdentity.Kind = label.contains(".active_") ? .upDownCounter : .gauge
    return registry.series(identity(label, kind), dimensions) { GaugeSeries() }
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      return registry.series(identity(label, .gauge), dimensions) { GaugeSeries() }
    }
    return registry.series(identity(label, .histogram), dimensions) {
      HistogramSeries(boundaries: Self.valueBoundaries, filter: exemplarFilter)
    }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let boundaries =
      label.hasPrefix("db.") ? Self.databaseBoundaries : Self.durationBoundaries
    let identity = MetricIdentity(name: label, unit: "s", kind: .histogram)
    return registry.series(identity, dimensions) {
      HistogramSeries(boundaries: boundaries, filter: exemplarFilter)
    }
  }

  // A series outlives its handles: its count so far is still true.
  package func destroyCounter(_ handler: any CounterHandler) {}
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  package func destroyMeter(_ handler: any MeterHandler) {}
  package func destroyRecorder(_ handler: any RecorderHandler) {}
  package func destroyTimer(_ handler: any TimerHandler) {}

  private func identity(_ label: String, _ kind: MetricIdentity.Kind) -> MetricIdentity {
    MetricIdentity(name: label, unit: MetricIdentity.unit(of: label), kind: kind)
  }
}

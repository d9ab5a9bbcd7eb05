package import CoreMetrics

/// The backend of swift-metrics. The same label with the same dimensions is the same series.
///
/// Timers become histograms in seconds, recorders that aggregate become histograms, others gauges;
/// meters that count what is under way become sums that go up and down.
package final class TelemetryMetricsFactory: MetricsFactory {
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
    let isSum = registry.catalog[label]?.meterKind == .upDownCounter
    return registry.series(identity(label, isSum ? .upDownCounter : .gauge), dimensions) {
      GaugeSeries()
    }
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else {
      return registry.series(identity(label, .gauge), dimensions) { GaugeSeries() }
    }
    let boundaries = registry.catalog[label]?.boundaries ?? Self.valueBoundaries
    return registry.series(identity(label, .histogram), dimensions) {
      HistogramSeries(boundaries: boundaries, filter: exemplarFilter)
    }
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let boundaries =
      registry.catalog[label]?.boundaries ?? InstrumentDescription.requestSeconds
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
    MetricIdentity(name: label, unit: registry.catalog[label]?.unit ?? "", kind: kind)
  }
}

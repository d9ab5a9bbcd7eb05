import CoreMetrics
import ServiceContextModule
import Synchronization

/// Measurements by bucket, with an exemplar in each (specification, "Explicit Bucket Histogram
/// Aggregation", "AlignedHistogramBucketExemplarReservoir").
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
  private let state: Mutex<MetricPoint.Histogram>
  private let boundaries: [Double]
  private let filter: TelemetryConfiguration.ExemplarFilter

  init(boundaries: [Double], filter: TelemetryConfiguration.ExemplarFilter) {
    self.boundaries = boundaries
    self.filter = filter
    state = Mutex(MetricPoint.Histogram(boundaries: boundaries))
  }

  func record(_ value: Int64) { record(Double(value)) }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }

  func record(_ value: Double) {
    guard value.isFinite else { return }
    // Upper bounds are inclusive.
    var bucket = 0
    while bucket < boundaries.count, value > boundaries[bucket] { bucket += 1 }
    let exemplar = exemplar(value)
    state.withLock { state in
      state.bucketCounts[bucket] += 1
      state.count += 1
      state.sum += value
      state.minimum = min(state.minimum, value)
      state.maximum = max(state.maximum, value)
      if let exemplar { state.exemplars[bucket] = exemplar }
    }
  }

  private func exemplar(_ value: Double) -> MetricPoint.Exemplar? {
    guard filter != .alwaysOff, let span = ServiceContext.current?.spanContext else { return nil }
    guard filter == .alwaysOn || span.isSampled else { return nil }
    return MetricPoint.Exemplar(
      value: value, unixNanoseconds: WallClock.unixNanoseconds(), traceID: span.traceID, spanID: span.spanID)
  }

  func reset() { state.withLock { $0 = MetricPoint.Histogram(boundaries: boundaries) } }

  var point: MetricPoint { .histogram(state.withLock { $0 }) }
}

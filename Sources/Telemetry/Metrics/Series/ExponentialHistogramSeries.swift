import OTLP
import Synchronization

/// Measurements by exponential buckets, in shards that are merged when they are collected.
final class ExponentialHistogramSeries: MetricSeries, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: as for `MetricSeries`.
  private struct Shard: Sendable {
    var histogram: ExponentialHistogram
    var gate = ExemplarGate()
  }

  private let shards: Sharded<Mutex<Shard>>
  private let empty: ExponentialHistogram
  private let recordsMinMax: Bool
  private let hasExemplars: Bool

  init(
    _ attributes: AttributeSet, _ context: SeriesContext, bucketsMax: Int, scaleMax: Int,
    recordsMinMax: Bool
  ) {
    let empty = ExponentialHistogram(bucketsMax: bucketsMax, scaleMax: scaleMax)
    self.empty = empty
    shards = Sharded { Mutex(Shard(histogram: empty)) }
    self.recordsMinMax = recordsMinMax
    hasExemplars = context.policy != nil
    super.init(attributes, context)
  }

  override func aggregate(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return shards.local.pointee.withLock { shard in
      shard.histogram.record(value)
      return hasExemplars && shard.gate.isOpen()
    }
  }

  override func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {
    shards.local.pointee.withLock { body(&$0.gate) }
  }

  override var isUntouched: Bool {
    var isUntouched = true
    forEachShard { if $0.histogram.summary.count > 0 { isUntouched = false } }
    return isUntouched
  }

  override func collect(into points: inout MetricPoints) -> Bool {
    let isDelta = points.isDelta
    var parts: [ExponentialHistogram] = []
    forEachShard { shard in
      if shard.histogram.summary.count > 0 { parts.append(shard.histogram) }
      if isDelta { shard.histogram = empty }
      shard.gate = ExemplarGate()
    }
    guard var merged = parts.first else { return false }
    for part in parts.dropFirst() { merged.merge(part) }
    var point = merged.point(recordsMinMax: recordsMinMax)
    point.attributes = attributes.attributes
    (point.startUnixNanoseconds, point.unixNanoseconds) = points.times(of: self)
    point.exemplars = exemplars?.collect() ?? []
    points.exponentialHistograms.append(point)
    return true
  }

  override func clear() { forEachShard { $0.histogram = empty } }

  /// Calls `body` with one shard after the other, each behind its lock.
  private func forEachShard(_ body: (inout Shard) -> Void) {
    for index in 0..<shards.count { shards[index].pointee.withLock { body(&$0) } }
  }
}

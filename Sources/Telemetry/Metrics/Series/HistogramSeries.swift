import OTLP
import Synchronization

/// Measurements by buckets with given bounds (specification, "Explicit Bucket Histogram
/// Aggregation").
///
/// Each shard is whole in itself, behind a lock, so that a point never has a measurement in its sum
/// that its buckets lack.
final class HistogramSeries: MetricSeries, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: as for `MetricSeries`.
  private struct Shard: Sendable {
    var summary = MeasurementSummary()
    /// One for each bucket; made when the first thread of this shard measures.
    var counts: [UInt64] = []
    var gates: [ExemplarGate] = []

    mutating func prepare(_ buckets: Int, hasExemplars: Bool) {
      counts = Array(repeating: 0, count: buckets)
      if hasExemplars { gates = Array(repeating: ExemplarGate(), count: buckets) }
    }

    mutating func reset() {
      summary = MeasurementSummary()
      for bucket in counts.indices { counts[bucket] = 0 }
    }
  }

  private let shards = Sharded { Mutex(Shard()) }
  private let boundaries: BucketBoundaries
  private let recordsMinMax: Bool
  private let hasExemplars: Bool

  init(
    _ attributes: AttributeSet, _ context: SeriesContext, boundaries: BucketBoundaries,
    recordsMinMax: Bool
  ) {
    self.boundaries = boundaries
    self.recordsMinMax = recordsMinMax
    hasExemplars = context.policy != nil
    super.init(attributes, context)
  }

  override func aggregate(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    let bucket = boundaries.bucket(of: value)
    return shards.local.pointee.withLock { shard in
      if shard.counts.isEmpty {
        shard.prepare(boundaries.bucketCount, hasExemplars: hasExemplars)
      }
      shard.summary.add(value)
      shard.counts[bucket] &+= 1
      return hasExemplars && shard.gates[bucket].isOpen()
    }
  }

  override func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {
    let bucket = boundaries.bucket(of: value.double)
    shards.local.pointee.withLock { shard in
      if !shard.gates.isEmpty { body(&shard.gates[bucket]) }
    }
  }

  override var isUntouched: Bool {
    var isUntouched = true
    forEachShard { if $0.summary.count > 0 { isUntouched = false } }
    return isUntouched
  }

  override func collect(into points: inout MetricPoints) -> Bool {
    let isDelta = points.isDelta
    let buckets = boundaries.bucketCount
    var summary = MeasurementSummary()
    var counts = [UInt64](repeating: 0, count: buckets)
    forEachShard { shard in
      summary.merge(shard.summary)
      for bucket in shard.counts.indices { counts[bucket] &+= shard.counts[bucket] }
      for bucket in shard.gates.indices { shard.gates[bucket] = ExemplarGate() }
      if isDelta { shard.reset() }
    }
    guard summary.count > 0 else { return false }
    var point = HistogramPoint()
    point.attributes = attributes.attributes
    (point.startUnixNanoseconds, point.unixNanoseconds) = points.times(of: self)
    point.count = summary.count
    point.sum = summary.monotonicSum
    point.minimum = recordsMinMax ? summary.minimum : nil
    point.maximum = recordsMinMax ? summary.maximum : nil
    // A single bucket says nothing that the count does not.
    if buckets > 1 {
      point.boundaries = boundaries.values
      point.bucketCounts = counts
    }
    point.exemplars = exemplars?.collect() ?? []
    points.histograms.append(point)
    return true
  }

  override func clear() { forEachShard { $0.reset() } }

  /// Calls `body` with one shard after the other, each behind its lock.
  private func forEachShard(_ body: (inout Shard) -> Void) {
    for index in 0..<shards.count { shards[index].pointee.withLock { body(&$0) } }
  }
}

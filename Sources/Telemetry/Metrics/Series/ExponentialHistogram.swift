import OTLP

/// Measurements by buckets whose bounds are powers of a base, which is as small as the number of
/// buckets allows (specification, "Base2 Exponential Bucket Histogram Aggregation").
struct ExponentialHistogram: Sendable, Equatable {
  private(set) var scale: Int
  private(set) var summary = MeasurementSummary()
  private(set) var zeroCount: UInt64 = 0
  private(set) var positive: ExponentialBuckets
  private(set) var negative: ExponentialBuckets

  /// - Parameters:
  ///   - bucketsMax: For positive and for negative numbers each, at least 2.
  ///   - scaleMax: From -10 to 20.
  init(bucketsMax: Int, scaleMax: Int) {
    scale = scaleMax
    positive = ExponentialBuckets(size: bucketsMax)
    negative = ExponentialBuckets(size: bucketsMax)
  }

  /// - Parameter value: Finite.
  @inline(__always)
  mutating func record(_ value: Double) {
    summary.add(value)
    if value == 0 {
      zeroCount &+= 1
      return
    }
    var index = ExponentialIndex.index(of: abs(value), scale: scale)
    if value > 0 {
      if !positive.covers(index) { index = makeRoom(at: index, excess: positive.excess) }
      positive.add(at: index)
    } else {
      if !negative.covers(index) { index = makeRoom(at: index, excess: negative.excess) }
      negative.add(at: index)
    }
  }

  /// Lowers the scale as far as a new index makes it necessary.
  /// - Returns: The index at that scale.
  @inline(never)
  private mutating func makeRoom(
    at index: Int, excess: (ClosedRange<Int>) -> Int
  ) -> Int {
    let change = excess(index...index)
    downscale(by: change)
    return index >> change
  }

  private mutating func downscale(by change: Int) {
    guard change > 0 else { return }
    scale -= change
    positive.downscale(by: change)
    negative.downscale(by: change)
  }

  /// Adds what another histogram of the same size has.
  mutating func merge(_ other: ExponentialHistogram) {
    guard other.summary.count > 0 else { return }
    var other = other
    downscale(by: scale - other.scale)
    other.downscale(by: other.scale - scale)
    let excess = max(Self.excess(positive, other.positive), Self.excess(negative, other.negative))
    downscale(by: excess)
    other.downscale(by: excess)
    summary.merge(other.summary)
    zeroCount &+= other.zeroCount
    positive.merge(other.positive)
    negative.merge(other.negative)
  }

  private static func excess(_ a: ExponentialBuckets, _ b: ExponentialBuckets) -> Int {
    b.isEmpty ? 0 : a.excess(including: b.first...b.last)
  }

  /// The point without its attributes, times and exemplars.
  func point(recordsMinMax: Bool) -> ExponentialHistogramPoint {
    var point = ExponentialHistogramPoint()
    point.count = summary.count
    point.sum = summary.monotonicSum
    point.minimum = recordsMinMax ? summary.minimum : nil
    point.maximum = recordsMinMax ? summary.maximum : nil
    point.scale = Int32(truncatingIfNeeded: scale)
    point.zeroCount = zeroCount
    point.positive = positive.message
    point.negative = negative.message
    return point
  }
}

/// How the measurements of one series are distributed over buckets with given bounds
/// (opentelemetry-proto `metrics.v1.HistogramDataPoint`).
package struct HistogramPoint: Sendable, Equatable {
  package var attributes: [Attribute] = []
  package var startUnixNanoseconds: UInt64 = 0
  package var unixNanoseconds: UInt64 = 0
  package var count: UInt64 = 0
  /// nil when a measurement was negative, because then it may fall.
  package var sum: Double?
  package var minimum: Double?
  package var maximum: Double?
  /// One more than there are boundaries; empty when there are none.
  package var bucketCounts: [UInt64] = []
  /// Upper bounds, inclusive, rising; infinity is not among them.
  package var boundaries: [Double] = []
  package var exemplars: [Exemplar] = []

  package init() {}
}

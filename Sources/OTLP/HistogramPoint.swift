/// How the measurements of one series are distributed over buckets with given bounds
/// (opentelemetry-proto `metrics.v1.HistogramDataPoint`).
public struct HistogramPoint: Sendable, Equatable {
  public var attributes: [Attribute] = []
  public var startUnixNanoseconds: UInt64 = 0
  public var unixNanoseconds: UInt64 = 0
  public var count: UInt64 = 0
  /// nil when a measurement was negative, because then it may fall.
  public var sum: Double?
  public var minimum: Double?
  public var maximum: Double?
  /// One more than there are boundaries; empty when there are none.
  public var bucketCounts: [UInt64] = []
  /// Upper bounds, inclusive, rising; infinity is not among them.
  public var boundaries: [Double] = []
  public var exemplars: [Exemplar] = []

  public init() {}
}

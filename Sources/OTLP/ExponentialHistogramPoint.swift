/// How the measurements of one series are distributed over buckets whose bounds are powers of a
/// base (opentelemetry-proto `metrics.v1.ExponentialHistogramDataPoint`).
public struct ExponentialHistogramPoint: Sendable, Equatable {
  public struct Buckets: Sendable, Equatable {
    /// The index of the first bucket; the bucket at index i holds values above base^i, up to and
    /// including base^(i+1).
    public var offset: Int32 = 0
    public var counts: [UInt64] = []

    public init(offset: Int32 = 0, counts: [UInt64] = []) {
      self.offset = offset
      self.counts = counts
    }
  }

  public var attributes: [Attribute] = []
  public var startUnixNanoseconds: UInt64 = 0
  public var unixNanoseconds: UInt64 = 0
  public var count: UInt64 = 0
  /// nil when a measurement was negative, because then it may fall.
  public var sum: Double?
  public var minimum: Double?
  public var maximum: Double?
  /// The base is 2^(2^-scale).
  public var scale: Int32 = 0
  public var zeroCount: UInt64 = 0
  public var positive = Buckets()
  /// By absolute value.
  public var negative = Buckets()
  public var exemplars: [Exemplar] = []

  public init() {}
}

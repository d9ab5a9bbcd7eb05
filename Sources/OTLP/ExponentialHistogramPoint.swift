/// How the measurements of one series are distributed over buckets whose bounds are powers of a
/// base (opentelemetry-proto `metrics.v1.ExponentialHistogramDataPoint`).
package struct ExponentialHistogramPoint: Sendable, Equatable {
  package struct Buckets: Sendable, Equatable {
    /// The index of the first bucket; the bucket at index i holds values above base^i, up to and
    /// including base^(i+1).
    package var offset: Int32 = 0
    package var counts: [UInt64] = []

    package init(offset: Int32 = 0, counts: [UInt64] = []) {
      self.offset = offset
      self.counts = counts
    }
  }

  package var attributes: [Attribute] = []
  package var startUnixNanoseconds: UInt64 = 0
  package var unixNanoseconds: UInt64 = 0
  package var count: UInt64 = 0
  /// nil when a measurement was negative, because then it may fall.
  package var sum: Double?
  package var minimum: Double?
  package var maximum: Double?
  /// The base is 2^(2^-scale).
  package var scale: Int32 = 0
  package var zeroCount: UInt64 = 0
  package var positive = Buckets()
  /// By absolute value.
  package var negative = Buckets()
  package var exemplars: [Exemplar] = []

  package init() {}
}

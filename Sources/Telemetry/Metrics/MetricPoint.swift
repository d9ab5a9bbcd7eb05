import OTLP

/// What a series has come to.
enum MetricPoint: Sendable {
  case integer(Int64)
  case double(Double)
  case histogram(Histogram)

  struct Histogram: Sendable {
    var boundaries: [Double]
    /// One more than there are boundaries.
    var bucketCounts: [UInt64]
    var count: UInt64 = 0
    var sum = 0.0
    var minimum = Double.infinity
    var maximum = -Double.infinity
    /// By bucket.
    var exemplars: [Exemplar?]

    init(boundaries: [Double]) {
      self.boundaries = boundaries
      bucketCounts = Array(repeating: 0, count: boundaries.count + 1)
      exemplars = Array(repeating: nil, count: boundaries.count + 1)
    }
  }

  /// A measurement that leads to a trace.
  struct Exemplar: Sendable {
    let value: Double
    let unixNanoseconds: UInt64
    let traceID: TraceID
    let spanID: SpanID
  }
}

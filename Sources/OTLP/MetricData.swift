/// The points of a metric, by kind (the `data` of opentelemetry-proto `metrics.v1.Metric`).
public enum MetricData: Sendable, Equatable {
  case gauge([NumberPoint])
  case sum([NumberPoint], AggregationTemporality, isMonotonic: Bool)
  case histogram([HistogramPoint], AggregationTemporality)
  case exponentialHistogram([ExponentialHistogramPoint], AggregationTemporality)

  public var pointCount: Int {
    switch self {
    case .gauge(let points): points.count
    case .sum(let points, _, _): points.count
    case .histogram(let points, _): points.count
    case .exponentialHistogram(let points, _): points.count
    }
  }

  /// The same with only the points at `range`.
  public func points(in range: Range<Int>) -> MetricData {
    switch self {
    case .gauge(let points): .gauge(Array(points[range]))
    case .sum(let points, let temporality, let isMonotonic):
      .sum(Array(points[range]), temporality, isMonotonic: isMonotonic)
    case .histogram(let points, let temporality): .histogram(Array(points[range]), temporality)
    case .exponentialHistogram(let points, let temporality):
      .exponentialHistogram(Array(points[range]), temporality)
    }
  }
}

/// What the points of a metric count from (opentelemetry-proto
/// `metrics.v1.AggregationTemporality`).
public enum AggregationTemporality: UInt8, Sendable {
  /// From the point before.
  case delta = 1
  /// From a start that stays the same.
  case cumulative = 2
}

/// A whole or a fractional number, which OTLP keeps apart.
public enum MetricNumber: Sendable, Hashable {
  case int(Int64)
  case double(Double)

  public var double: Double {
    switch self {
    case .int(let value): Double(value)
    case .double(let value): value
    }
  }
}

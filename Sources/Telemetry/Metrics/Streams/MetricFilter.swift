public import OTLP

/// Leaves metrics or some of their points out of what one reader collects (OpenTelemetry
/// specification, "MetricFilter").
public protocol MetricFilter: Sendable {
  /// Asked for each metric before it is collected.
  func test(_ metric: MetricIdentity) -> MetricFilterResult
  /// Whether a point is wanted; asked for metrics that are accepted in part.
  func accepts(_ attributes: [Attribute], of metric: MetricIdentity) -> Bool
}

/// What a ``MetricFilter`` says of a metric.
public enum MetricFilterResult: Sendable, Equatable {
  /// All of it.
  case accept
  case drop
  /// The points that it accepts one by one.
  case acceptPartial
}

/// What is known of a metric before it is collected.
public struct MetricIdentity: Sendable, Hashable {
  public let scope: InstrumentationScope
  public let name: String
  public let unit: String
  /// nil for one that a ``MetricProducer`` brings.
  public let kind: InstrumentKind?

  public init(scope: InstrumentationScope, name: String, unit: String, kind: InstrumentKind?) {
    self.scope = scope
    self.name = name
    self.unit = unit
    self.kind = kind
  }
}

extension MetricFilter {
  /// What is wanted of a metric; nil when nothing is. `collect` is not called for one that is not.
  func filtered(_ metric: MetricIdentity, _ collect: () -> MetricRecord?) -> MetricRecord? {
    switch test(metric) {
    case .accept: return collect()
    case .drop: return nil
    case .acceptPartial:
      guard var record = collect() else { return nil }
      record.data = record.data.filter { accepts($0, of: metric) }
      return record.data.pointCount > 0 ? record : nil
    }
  }
}

extension MetricData {
  /// The same with only the points whose attributes are wanted.
  fileprivate func filter(_ isWanted: ([Attribute]) -> Bool) -> MetricData {
    switch self {
    case .gauge(let points): .gauge(points.filter { isWanted($0.attributes) })
    case .sum(let points, let temporality, let isMonotonic):
      .sum(points.filter { isWanted($0.attributes) }, temporality, isMonotonic: isMonotonic)
    case .histogram(let points, let temporality):
      .histogram(points.filter { isWanted($0.attributes) }, temporality)
    case .exponentialHistogram(let points, let temporality):
      .exponentialHistogram(points.filter { isWanted($0.attributes) }, temporality)
    }
  }
}

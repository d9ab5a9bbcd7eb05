/// One metric with its points as OTLP describes it (opentelemetry-proto `metrics.v1.Metric`).
public struct MetricRecord: Sendable, Equatable {
  public var name: String
  public var description: String
  public var unit: String
  public var data: MetricData

  public init(name: String, description: String = "", unit: String = "", data: MetricData) {
    self.name = name
    self.description = description
    self.unit = unit
    self.data = data
  }
}

/// The metrics of one instrumentation scope (opentelemetry-proto `metrics.v1.ScopeMetrics`).
public struct ScopeMetrics: Sendable, Equatable {
  public var scope: InstrumentationScope
  public var metrics: [MetricRecord]

  public init(scope: InstrumentationScope, metrics: [MetricRecord]) {
    self.scope = scope
    self.metrics = metrics
  }
}

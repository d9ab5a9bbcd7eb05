/// One metric with its points as OTLP describes it (opentelemetry-proto `metrics.v1.Metric`).
package struct MetricRecord: Sendable, Equatable {
  package var name: String
  package var description: String
  package var unit: String
  package var data: MetricData

  package init(name: String, description: String = "", unit: String = "", data: MetricData) {
    self.name = name
    self.description = description
    self.unit = unit
    self.data = data
  }
}

/// The metrics of one instrumentation scope (opentelemetry-proto `metrics.v1.ScopeMetrics`).
package struct ScopeMetrics: Sendable, Equatable {
  package var scope: InstrumentationScope
  package var metrics: [MetricRecord]

  package init(scope: InstrumentationScope, metrics: [MetricRecord]) {
    self.scope = scope
    self.metrics = metrics
  }
}

public import OTLP

/// Takes aggregated metrics to wherever a program wants them (OpenTelemetry specification, "Push
/// Metric Exporter"). Retrying is its business.
public protocol PushMetricExporter: TelemetryExporter {
  /// Never called twice at a time. When the time for an export is over, its task is cancelled.
  func export(_ metrics: [ScopeMetrics], of resource: ResourceMessage) async -> ExportOutcome
}

package import OTLP
package import Sockets

/// Takes the metrics that a reader collected (specification, "Push Metric Exporter"). Never called
/// twice at a time by the same reader.
package protocol MetricExporter: Sendable {
  /// - Returns: How many points reached their destination, and why others did not.
  func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult
}

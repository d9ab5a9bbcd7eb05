package import CoreMetrics
package import OTLP
package import Sockets

/// What the telemetry handle needs of the metrics signal.
package protocol MetricsPipeline: Sendable {
  /// The backend for swift-metrics.
  var factory: any MetricsFactory { get }
  /// Collects and exports now.
  /// - Returns: Whether that was done before `deadline`.
  func forceFlush(deadline: MonotonicInstant) async -> Bool
  /// Collects and exports one last time, and ends.
  /// - Returns: Whether that was done before `deadline`.
  func shutdown(deadline: MonotonicInstant) async -> Bool
}

/// What the metrics signal is built from.
package struct MetricsPipelineParts: Sendable {
  package let configuration: TelemetryConfiguration.Metrics
  /// The one loop of the telemetry module.
  package let loop: EventLoop
  /// Of instruments that are made through swift-metrics.
  package let scope: InstrumentationScope
  /// Send encoded requests; one for each way that metrics go as OTLP.
  package let exporters: [OTLPExporter]
  /// All exporters whose work is measured, those of the other signals too.
  package let measuredExporters: [OTLPExporter]
  /// Shows metrics to people; nil when they do not go to the console.
  package let console: ConsoleOutput?
  package let log: DiagnosticLog
  /// What the other signals and the exporters did so far, for the metrics `otel.sdk.*`.
  package let statistics: @Sendable () -> TelemetryStatistics
}

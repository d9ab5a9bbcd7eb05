package import OTLP
package import Sockets

/// Takes the metrics that a reader collected (specification, "Push Metric Exporter"). Never called
/// twice at a time by the same reader.
package protocol MetricExporter: Sendable {
  /// - Returns: How many points reached their destination, and why others did not.
  func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult

  /// What became of the points that it said it would see to later.
  var deferred: DeferredRecords { get }
  /// Hands on what was exported and is still held back, or was to be seen to later.
  func forceFlush(deadline: MonotonicInstant) async -> FlushResult
  /// There will be no more exports: delivers what is left, or puts it where the next process finds
  /// it, by `deadline`.
  func shutdown(deadline: MonotonicInstant) async -> FlushResult
}

extension MetricExporter {
  package var deferred: DeferredRecords { DeferredRecords() }
  package func forceFlush(deadline: MonotonicInstant) async -> FlushResult { .success }
  package func shutdown(deadline: MonotonicInstant) async -> FlushResult { .success }
}

package import Sockets

/// Delivers batches, one at a time (OpenTelemetry specification, "Span Exporter" and "LogRecord
/// Exporter").
package protocol BatchExporter: Sendable {
  /// Delivers `batch`, or finds out that it cannot be; retrying is the exporter's business.
  /// - Parameters:
  ///   - deadline: When to give up.
  ///   - control: Says when to give up earlier.
  /// - Returns: What became of every record.
  func export(
    _ batch: RecordBatch, deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult

  /// The batch in as many parts as it takes for each to be sent.
  func divided(_ batch: RecordBatch) -> [RecordBatch]
}

extension BatchExporter {
  package func divided(_ batch: RecordBatch) -> [RecordBatch] { [batch] }
}

/// What became of the records of a batch.
package struct ExportResult: Sendable, Equatable {
  package var exported: Int
  package var dropped: Int
  /// Why the dropped ones were.
  package var reason: DropReason

  package init(exported: Int, dropped: Int = 0, reason: DropReason = .rejected) {
    self.exported = exported
    self.dropped = dropped
    self.reason = reason
  }
}

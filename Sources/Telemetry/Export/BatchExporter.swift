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

  /// When the receiver wants requests again, if it asked for a pause; until then records wait where
  /// they are.
  var heldUntil: MonotonicInstant? { get }
  /// What became of the records that it said it would see to later.
  var deferred: DeferredRecords { get }
  /// Delivers what it said it would see to later.
  func forceFlush(deadline: MonotonicInstant) async -> FlushResult
  /// Delivers that, or puts it where the next process finds it, and ends; by `deadline`.
  func shutdown(deadline: MonotonicInstant) async -> FlushResult
}

extension BatchExporter {
  package var heldUntil: MonotonicInstant? { nil }
  package var deferred: DeferredRecords { DeferredRecords() }
  package func forceFlush(deadline: MonotonicInstant) async -> FlushResult { .success }
  package func shutdown(deadline: MonotonicInstant) async -> FlushResult { .success }
  package func divided(_ batch: RecordBatch) -> [RecordBatch] { [batch] }
}

/// What became of the records of a batch.
package struct ExportResult: Sendable, Equatable {
  package var exported: Int
  package var dropped: Int
  /// Why the dropped ones were.
  package var reason: DropReason
  /// Those that the exporter sees to later: ``BatchExporter/deferred`` says what became of them.
  package var deferred: Int

  package init(
    exported: Int, dropped: Int = 0, reason: DropReason = .rejected, deferred: Int = 0
  ) {
    self.exported = exported
    self.dropped = dropped
    self.reason = reason
    self.deferred = deferred
  }
  /// Adds what became of another part of the same records.
  mutating func add(_ other: ExportResult) {
    if other.dropped > 0 { reason = other.reason }
    exported += other.exported
    dropped += other.dropped
    deferred += other.deferred
  }
}

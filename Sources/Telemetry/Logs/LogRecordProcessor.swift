public import OTLP
public import ServiceContextModule

/// Sees log records, and may change them, before they go to standard output and to exporters
/// (OpenTelemetry specification, "LogRecordProcessor").
public protocol LogRecordProcessor: Sendable {
  /// Whether it is interested in such a record; asked for `isEnabled` of a logger only.
  /// - Parameter severityNumber: 0 when it is not known.
  func isEnabled(
    severityNumber: UInt8, eventName: String, scope: ScopeReference, context: ServiceContext
  ) -> Bool
  /// Called on the thread that makes the record, so it must be quick and must not block, and must
  /// not log. Processors are called in order; each sees what those before it changed.
  /// - Parameter context: The one that the record belongs to.
  func onEmit(_ record: inout LogRecord, scope: ScopeReference, context: ServiceContext)
  /// Hands on whatever it still has.
  func forceFlush(within time: Duration) async -> FlushResult
  /// As `forceFlush`, and takes nothing from then on.
  func shutdown(within time: Duration) async -> FlushResult
}

extension LogRecordProcessor {
  public func isEnabled(
    severityNumber: UInt8, eventName: String, scope: ScopeReference, context: ServiceContext
  ) -> Bool { true }
  public func forceFlush(within time: Duration) async -> FlushResult { .success }
  public func shutdown(within time: Duration) async -> FlushResult {
    await forceFlush(within: time)
  }
}

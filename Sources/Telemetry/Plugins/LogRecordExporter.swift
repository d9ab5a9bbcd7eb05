public import OTLP

/// Takes log records to wherever a program wants them (OpenTelemetry specification,
/// "LogRecordExporter"). Retrying is its business.
public protocol LogRecordExporter: TelemetryExporter {
  /// Never called twice at a time. When the time for an export is over, its task is cancelled.
  func export(_ records: [ReadableLogRecord]) async -> ExportOutcome
}

/// A log record, with who made it and what it describes.
public struct ReadableLogRecord: Sendable {
  public let record: LogRecord
  public let scope: InstrumentationScope
  public let resource: ResourceMessage

  public init(record: LogRecord, scope: InstrumentationScope, resource: ResourceMessage) {
    self.record = record
    self.scope = scope
    self.resource = resource
  }
}

public import OTLP

/// Takes ended spans to wherever a program wants them (OpenTelemetry specification, "Span
/// Exporter"). Retrying is its business.
public protocol SpanExporter: TelemetryExporter {
  /// Never called twice at a time. When the time for an export is over, its task is cancelled.
  func export(_ spans: [ReadableSpan]) async -> ExportOutcome
}

/// A span that has ended, with who made it and what it describes.
public struct ReadableSpan: Sendable {
  public let record: SpanRecord
  public let scope: InstrumentationScope
  public let resource: ResourceMessage

  public init(record: SpanRecord, scope: InstrumentationScope, resource: ResourceMessage) {
    self.record = record
    self.scope = scope
    self.resource = resource
  }
}

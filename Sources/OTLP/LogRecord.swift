/// One log record as OTLP describes it (opentelemetry-proto `logs.v1.LogRecord`).
package struct LogRecord: Sendable {
  /// When it happened.
  package var unixNanoseconds: UInt64
  /// When the telemetry module saw it.
  package var observedUnixNanoseconds: UInt64
  /// 1 (TRACE) to 24 (FATAL4).
  package var severityNumber: UInt8
  package var severityText: String
  package var body: String
  package var attributes: [Attribute]
  package var droppedAttributesCount: UInt32 = 0
  /// Invalid when the record belongs to no trace.
  package var traceID = TraceID.invalid
  package var spanID = SpanID.invalid
  /// The W3C trace flags.
  package var traceFlags: UInt8 = 0
  /// Names the kind of event; empty for an ordinary record.
  package var eventName = ""

  package init(
    unixNanoseconds: UInt64, observedUnixNanoseconds: UInt64, severityNumber: UInt8,
    severityText: String, body: String, attributes: [Attribute]
  ) {
    self.unixNanoseconds = unixNanoseconds
    self.observedUnixNanoseconds = observedUnixNanoseconds
    self.severityNumber = severityNumber
    self.severityText = severityText
    self.body = body
    self.attributes = attributes
  }
}

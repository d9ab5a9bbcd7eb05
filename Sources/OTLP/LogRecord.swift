/// One log record as OTLP describes it (opentelemetry-proto `logs.v1.LogRecord`).
public struct LogRecord: Sendable {
  /// When it happened.
  public var unixNanoseconds: UInt64
  /// When the telemetry module saw it.
  public var observedUnixNanoseconds: UInt64
  /// 1 (TRACE) to 24 (FATAL4).
  public var severityNumber: UInt8
  public var severityText: String
  public var body: String
  /// The body when it is no text; then ``body`` is empty.
  public var structuredBody: AttributeValue?
  public var attributes: [Attribute]
  public var droppedAttributesCount: UInt32 = 0
  /// Invalid when the record belongs to no trace.
  public var traceID = TraceID.invalid
  public var spanID = SpanID.invalid
  /// The W3C trace flags.
  public var traceFlags: UInt8 = 0
  /// Names the kind of event; empty for an ordinary record.
  public var eventName = ""

  public init(
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

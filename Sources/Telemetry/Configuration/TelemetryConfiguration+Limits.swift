extension TelemetryConfiguration {
  /// How much one span may hold; what is beyond is dropped and counted
  /// (specification, "Span Limits").
  public struct SpanLimits: Sendable, Equatable {
    /// `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`; default 128.
    public var attributesMax = 128
    /// Characters that a string value keeps (bytes, for byte arrays), on the span, its events and
    /// its links; `nil` is unlimited. `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else
    /// `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`; default unlimited.
    public var attributeValueLengthMax: Int?
    /// `OTEL_SPAN_EVENT_COUNT_LIMIT`, default 128.
    public var eventsMax = 128
    /// `OTEL_SPAN_LINK_COUNT_LIMIT`, default 128.
    public var linksMax = 128
    /// `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`, default 128.
    public var attributesPerEventMax = 128
    /// `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`, default 128.
    public var attributesPerLinkMax = 128

    public init() {}
  }

  /// How much one log record may hold; what is beyond is dropped and counted
  /// (specification, "LogRecord Limits").
  public struct LogRecordLimits: Sendable, Equatable {
    /// `OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT`, else `OTEL_ATTRIBUTE_COUNT_LIMIT`; default 128.
    public var attributesMax = 128
    /// Characters that a string value keeps; `nil` is unlimited.
    /// `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT`, else `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`;
    /// default unlimited.
    public var attributeValueLengthMax: Int?

    public init() {}
  }
}

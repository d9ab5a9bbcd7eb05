public import OTLP

/// What identifies a span across processes (OpenTelemetry specification, "SpanContext").
public struct SpanContext: Hashable, Sendable {
  public let traceID: TraceID
  public let spanID: SpanID
  public let flags: TraceFlags
  /// Whether the span was made by another process.
  public let isRemote: Bool
  /// The W3C `tracestate` field value, empty when there is none.
  public let traceState: String

  public init(
    traceID: TraceID, spanID: SpanID, flags: TraceFlags, traceState: String = "",
    isRemote: Bool = false
  ) {
    self.traceID = traceID
    self.spanID = spanID
    self.flags = flags
    self.traceState = traceState
    self.isRemote = isRemote
  }

  /// Whether both ids are valid.
  public var isValid: Bool { traceID.isValid && spanID.isValid }

  public var isSampled: Bool { flags.contains(.sampled) }
}

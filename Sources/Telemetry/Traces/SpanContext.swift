package import OTLP

/// What identifies a span across processes (OpenTelemetry specification, "SpanContext").
package struct SpanContext: Hashable, Sendable {
  package let traceID: TraceID
  package let spanID: SpanID
  package let flags: TraceFlags
  /// Whether the span was made by another process.
  package let isRemote: Bool
  /// The W3C `tracestate` field value, empty when there is none.
  package let traceState: String

  package init(
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
  package var isValid: Bool { traceID.isValid && spanID.isValid }

  package var isSampled: Bool { flags.contains(.sampled) }
}

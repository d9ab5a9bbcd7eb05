public import OTLP

/// Makes the ids of traces and spans (OpenTelemetry specification, "ID Generators").
public protocol IDGenerator: Sendable {
  /// A new trace id; valid.
  func makeTraceID() -> TraceID
  /// A new span id; valid.
  func makeSpanID() -> SpanID
  /// Whether the seven right-most bytes of a trace id are random, which the W3C `random` flag then
  /// tells everyone.
  var isRandom: Bool { get }
}

/// A measurement that leads to a trace (opentelemetry-proto `metrics.v1.Exemplar`).
public struct Exemplar: Sendable, Equatable {
  public var value: MetricNumber
  public var unixNanoseconds: UInt64
  /// Attributes of the measurement that its point does not have.
  public var filteredAttributes: [Attribute]
  /// Invalid when the measurement was made outside of a span.
  public var traceID: TraceID
  public var spanID: SpanID

  public init(
    value: MetricNumber, unixNanoseconds: UInt64, filteredAttributes: [Attribute] = [],
    traceID: TraceID = .invalid, spanID: SpanID = .invalid
  ) {
    self.value = value
    self.unixNanoseconds = unixNanoseconds
    self.filteredAttributes = filteredAttributes
    self.traceID = traceID
    self.spanID = spanID
  }
}

/// A measurement that leads to a trace (opentelemetry-proto `metrics.v1.Exemplar`).
package struct Exemplar: Sendable, Equatable {
  package var value: MetricNumber
  package var unixNanoseconds: UInt64
  /// Attributes of the measurement that its point does not have.
  package var filteredAttributes: [Attribute]
  /// Invalid when the measurement was made outside of a span.
  package var traceID: TraceID
  package var spanID: SpanID

  package init(
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

package import OTLP

/// The order that is looked for everywhere.
package struct PlacedOrder: Hashable, Sendable {
  package let orderID: Int
  /// The trace that the check began, and the span that the order's request names as its parent.
  package let traceID: TraceID
  package let parentID: SpanID
  /// Nanoseconds since 1970 before the request was sent.
  package let startedAt: UInt64
  /// Nanoseconds since 1970 after its answer had come.
  package let endedAt: UInt64

  package init(
    orderID: Int, traceID: TraceID, parentID: SpanID, startedAt: UInt64, endedAt: UInt64
  ) {
    self.orderID = orderID
    self.traceID = traceID
    self.parentID = parentID
    self.startedAt = startedAt
    self.endedAt = endedAt
  }
}

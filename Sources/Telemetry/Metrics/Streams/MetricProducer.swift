public import OTLP

/// Brings metrics that were aggregated elsewhere into a reader's collections (OpenTelemetry
/// specification, "MetricProducer").
public protocol MetricProducer: Sendable {
  /// Called for every collection; it must not wait.
  /// - Parameters:
  ///   - unixNanoseconds: The time of the collection, for the points.
  ///   - filter: What the reader wants; the reader applies it to what is returned, too.
  func produce(at unixNanoseconds: UInt64, filter: (any MetricFilter)?) -> [ScopeMetrics]
}

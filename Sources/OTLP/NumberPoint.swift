/// The number of one series (opentelemetry-proto `metrics.v1.NumberDataPoint`).
package struct NumberPoint: Sendable, Equatable {
  package var attributes: [Attribute]
  /// 0 for a gauge, which has no interval.
  package var startUnixNanoseconds: UInt64
  package var unixNanoseconds: UInt64
  package var value: MetricNumber
  package var exemplars: [Exemplar]

  package init(
    attributes: [Attribute], startUnixNanoseconds: UInt64, unixNanoseconds: UInt64,
    value: MetricNumber, exemplars: [Exemplar] = []
  ) {
    self.attributes = attributes
    self.startUnixNanoseconds = startUnixNanoseconds
    self.unixNanoseconds = unixNanoseconds
    self.value = value
    self.exemplars = exemplars
  }
}

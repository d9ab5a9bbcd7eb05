/// The number of one series (opentelemetry-proto `metrics.v1.NumberDataPoint`).
public struct NumberPoint: Sendable, Equatable {
  public var attributes: [Attribute]
  /// 0 for a gauge, which has no interval.
  public var startUnixNanoseconds: UInt64
  public var unixNanoseconds: UInt64
  public var value: MetricNumber
  public var exemplars: [Exemplar]

  public init(
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

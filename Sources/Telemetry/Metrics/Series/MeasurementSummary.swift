/// What every kind of histogram says about its measurements beside their distribution.
struct MeasurementSummary: Sendable, Equatable {
  private(set) var count: UInt64 = 0
  private(set) var sum = 0.0
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity

  @inline(__always)
  mutating func add(_ value: Double) {
    count &+= 1
    sum += value
    // Not `min` and `max`, which keep the old value when the new one equals it and so have to know.
    if value < minimum { minimum = value }
    if value > maximum { maximum = value }
  }

  mutating func merge(_ other: MeasurementSummary) {
    count &+= other.count
    sum += other.sum
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  /// nil when a measurement was negative: the receiver takes a sum that falls for a restart
  /// (opentelemetry-proto, `HistogramDataPoint.sum`).
  var monotonicSum: Double? { minimum < 0 ? nil : sum }
}

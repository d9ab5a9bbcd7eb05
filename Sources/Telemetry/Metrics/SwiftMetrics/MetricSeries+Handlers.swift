import CoreMetrics

/// A series is what swift-metrics holds: there is nothing between the two.
extension MetricSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler,
  TimerHandler
{
  func increment(by amount: Int64) { measure(amount) }
  func increment(by amount: Double) { move(by: amount) }
  func decrement(by amount: Double) { move(by: -amount) }
  func set(_ value: Int64) { assign(Double(value)) }
  func set(_ value: Double) { assign(value) }
  func record(_ value: Int64) { measure(value) }
  func record(_ value: Double) { measure(value) }
  func recordNanoseconds(_ duration: Int64) { measure(TimerUnit.seconds(duration)) }
}

/// Timers are histograms of seconds.
enum TimerUnit {
  /// A duration in seconds. One that is negative comes from a clock that was set back, and is none.
  @inline(__always)
  static func seconds(_ nanoseconds: Int64) -> Double {
    Double(max(0, nanoseconds)) / 1_000_000_000
  }
}

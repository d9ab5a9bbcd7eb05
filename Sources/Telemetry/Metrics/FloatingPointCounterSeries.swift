import CoreMetrics
import Synchronization

/// A sum of fractional numbers.
final class FloatingPointCounterSeries: MetricSeries, FloatingPointCounterHandler {
  private let value = Mutex(0.0)

  func increment(by amount: Double) {
    // What is not finite would spoil the sum for good.
    guard amount.isFinite, amount >= 0 else { return }
    value.withLock { $0 += amount }
  }

  func reset() { value.withLock { $0 = 0 } }

  var point: MetricPoint { .double(value.withLock { $0 }) }
}

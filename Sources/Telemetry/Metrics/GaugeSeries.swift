import CoreMetrics
import Synchronization

/// A value that is set, or moved up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
  private let value = Mutex(0.0)

  func set(_ newValue: Int64) { set(Double(newValue)) }
  func set(_ newValue: Double) { value.withLock { $0 = newValue } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func record(_ newValue: Int64) { set(Double(newValue)) }
  func record(_ newValue: Double) { set(newValue) }

  func reset() { set(0.0) }

  var point: MetricPoint {
    let value = value.withLock { $0 }
    return Int64(exactly: value).map { .integer($0) } ?? .double(value)
  }
}

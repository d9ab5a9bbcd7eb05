import CoreMetrics
import Synchronization

/// A sum of whole numbers: one atomic addition for each measurement.
final class CounterSeries: MetricSeries, CounterHandler {
  private let value = Atomic<Int64>(0)

  func increment(by amount: Int64) { value.wrappingAdd(amount, ordering: .relaxed) }

  func reset() { value.store(0, ordering: .relaxed) }

  var point: MetricPoint { .integer(value.load(ordering: .relaxed)) }
}

#if !SWIFT_OTEL
import CoreMetrics
import Synchronization

/// Keeps every metric as atomic numbers, one instrument for each label and set of dimensions.
final class InMemoryMetrics: MetricsFactory {
  private struct Key: Hashable {
    let label: String
    let dimensions: [String]
  }

  private let instruments = Mutex<[Key: Instrument]>([:])

  private func instrument(_ label: String, _ dimensions: [(String, String)]) -> Instrument {
    let key = Key(label: label, dimensions: dimensions.flatMap { [$0.0, $0.1] })
    return instruments.withLock { instruments in
      if let known = instruments[key] { return known }
      let new = Instrument()
      instruments[key] = new
      return new
    }
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    instrument(label, dimensions)
  }

  func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    instrument(label, dimensions)
  }

  func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    instrument(label, dimensions)
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    instrument(label, dimensions)
  }

  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyMeter(_ handler: any MeterHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}
}

/// A sum and a count.
private final class Instrument: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
  private let sum = Atomic<Int64>(0)
  private let count = Atomic<Int64>(0)

  private func add(_ value: Int64) {
    sum.wrappingAdd(value, ordering: .relaxed)
    count.wrappingAdd(1, ordering: .relaxed)
  }

  func increment(by amount: Int64) { add(amount) }
  func increment(by amount: Double) { add(Int64(amount)) }
  func decrement(by amount: Double) { add(-Int64(amount)) }
  func reset() { sum.store(0, ordering: .relaxed) }
  func set(_ value: Int64) { sum.store(value, ordering: .relaxed) }
  func set(_ value: Double) { sum.store(Int64(value), ordering: .relaxed) }
  func record(_ value: Int64) { add(value) }
  func record(_ value: Double) { add(Int64(value)) }
  func recordNanoseconds(_ duration: Int64) { add(duration) }
}
#endif

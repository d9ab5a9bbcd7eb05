import CoreMetrics
import Synchronization

/// A swift-metrics `Meter` of which nobody said what it measures: when it is first set it is a
/// gauge, when it is first moved an up-down counter.
final class UndecidedMeter: MeterHandler {
  private let decide: @Sendable (InstrumentDescription.MeterKind) -> BoundInstrument
  /// Kept for as long as the meter is.
  private let decision = Atomic<Unmanaged<BoundInstrument>?>(nil)
  private let deciding = Mutex(())

  /// - Parameter decide: Makes what it turned out to be; called once.
  init(_ decide: @escaping @Sendable (InstrumentDescription.MeterKind) -> BoundInstrument) {
    self.decide = decide
  }

  deinit { decision.load(ordering: .acquiring)?.release() }

  /// Says that there will be no more measurements.
  func end() { decision.load(ordering: .acquiring)?._withUnsafeGuaranteedRef { $0.end() } }

  func set(_ value: Int64) { decided(.gauge)._withUnsafeGuaranteedRef { $0.set(value) } }
  func set(_ value: Double) { decided(.gauge)._withUnsafeGuaranteedRef { $0.set(value) } }

  func increment(by amount: Double) {
    decided(.upDownCounter)._withUnsafeGuaranteedRef { $0.increment(by: amount) }
  }

  func decrement(by amount: Double) {
    decided(.upDownCounter)._withUnsafeGuaranteedRef { $0.decrement(by: amount) }
  }

  @inline(__always)
  private func decided(_ kind: InstrumentDescription.MeterKind) -> Unmanaged<BoundInstrument> {
    decision.load(ordering: .acquiring) ?? makeDecision(kind)
  }

  @inline(never)
  private func makeDecision(
    _ kind: InstrumentDescription.MeterKind
  ) -> Unmanaged<BoundInstrument> {
    deciding.withLock { _ in
      if let made = decision.load(ordering: .acquiring) { return made }
      let made = Unmanaged.passRetained(decide(kind))
      decision.store(made, ordering: .releasing)
      return made
    }
  }
}

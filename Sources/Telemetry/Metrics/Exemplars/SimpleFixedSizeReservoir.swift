public import OTLP
import Synchronization

/// Keeps a fixed number of measurements, each as likely as any other (specification,
/// "SimpleFixedSizeExemplarReservoir").
public final class SimpleFixedSizeReservoir: ExemplarReservoir {
  private struct State {
    var exemplars: [Exemplar] = []
    var skips: ReservoirSkips
    var random: SplitMix64
  }

  private let size: Int
  private let state: Mutex<State>

  /// - Parameters:
  ///   - size: At least 1.
  ///   - seed: Of the choice; the same seed chooses the same.
  public init(size: Int = 1, seed: UInt64) {
    self.size = max(1, size)
    state = Mutex(State(skips: ReservoirSkips(size: self.size), random: SplitMix64(seed: seed)))
  }

  public func offer(_ measurement: ExemplarMeasurement) -> UInt32 {
    let exemplar = measurement.exemplar
    return state.withLock { state in
      let (place, skip) = state.skips.take(&state.random)
      if place < state.exemplars.count {
        state.exemplars[place] = exemplar
      } else {
        state.exemplars.append(exemplar)
      }
      return skip
    }
  }

  public func collect() -> [Exemplar] {
    state.withLock { state in
      defer { state.exemplars.removeAll(keepingCapacity: true) }
      state.skips.reset()
      return state.exemplars
    }
  }
}

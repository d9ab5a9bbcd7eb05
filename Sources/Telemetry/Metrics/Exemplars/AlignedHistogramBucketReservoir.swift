public import OTLP
import Synchronization

/// Keeps one measurement for each bucket of a histogram, each as likely as any other of its bucket
/// (specification, "AlignedHistogramBucketExemplarReservoir").
public final class AlignedHistogramBucketReservoir: ExemplarReservoir {
  private struct State {
    var exemplars: [Exemplar?]
    var skips: [ReservoirSkips]
    var random: SplitMix64
  }

  private let boundaries: BucketBoundaries
  private let state: Mutex<State>

  /// - Parameters:
  ///   - boundaries: Upper bounds of the buckets, inclusive.
  ///   - seed: Of the choice; the same seed chooses the same.
  public convenience init(boundaries: [Double], seed: UInt64) {
    self.init(BucketBoundaries(boundaries), seed: seed)
  }

  init(_ boundaries: BucketBoundaries, seed: UInt64) {
    self.boundaries = boundaries
    state = Mutex(
      State(
        exemplars: Array(repeating: nil, count: boundaries.bucketCount),
        skips: Array(repeating: ReservoirSkips(size: 1), count: boundaries.bucketCount),
        random: SplitMix64(seed: seed)))
  }

  public func offer(_ measurement: ExemplarMeasurement) -> UInt32 {
    let bucket = boundaries.bucket(of: measurement.value.double)
    let exemplar = measurement.exemplar
    return state.withLock { state in
      state.exemplars[bucket] = exemplar
      return state.skips[bucket].take(&state.random).skip
    }
  }

  public func collect() -> [Exemplar] {
    state.withLock { state in
      let collected = state.exemplars.compactMap { $0 }
      for bucket in state.exemplars.indices {
        state.exemplars[bucket] = nil
        state.skips[bucket].reset()
      }
      return collected
    }
  }
}

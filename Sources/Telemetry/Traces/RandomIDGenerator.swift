public import OTLP
import Synchronization

/// Random ids from one xoshiro256** generator (Blackman and Vigna, 2018) per thread shard, seeded by
/// the kernel once. The ids need to be unique, not secret, so no id costs a system call.
public final class RandomIDGenerator: IDGenerator {
  private struct Generator {
    var state: (UInt64, UInt64, UInt64, UInt64)

    /// - Precondition: not all zero, which the generator never leaves.
    init(seed: (UInt64, UInt64, UInt64, UInt64)) {
      state = seed
      if state.0 | state.1 | state.2 | state.3 == 0 { state.0 = 1 }
    }

    mutating func next() -> UInt64 {
      let product = state.1 &* 5
      let result = (product << 7 | product >> 57) &* 9
      let shifted = state.1 << 17
      state.2 ^= state.0
      state.3 ^= state.1
      state.1 ^= state.2
      state.0 ^= state.3
      state.2 ^= shifted
      state.3 = state.3 << 45 | state.3 >> 19
      return result
    }

    mutating func nextNonZero() -> UInt64 {
      while true {
        let value = next()
        if value != 0 { return value }
      }
    }
  }

  private final class Shard: Sendable {
    let generator: Mutex<Generator>

    init(_ generator: Generator) { self.generator = Mutex(generator) }
  }

  private let shards: [Shard]

  /// Seeds every shard from the kernel.
  public convenience init() {
    var random = SystemRandomNumberGenerator()
    self.init(seededBy: &random)
  }

  /// Seeds every shard from `source`, for reproducible ids.
  public init(seededBy source: inout some RandomNumberGenerator) {
    var shards: [Shard] = []
    for _ in 0..<ThreadSlot.shardCount {
      let seed = (source.next(), source.next(), source.next(), source.next())
      shards.append(Shard(Generator(seed: seed)))
    }
    self.shards = shards
  }

  public var isRandom: Bool { true }

  public func makeTraceID() -> TraceID {
    withGenerator { TraceID(high: $0.next(), low: $0.nextNonZero()) }
  }

  public func makeSpanID() -> SpanID {
    withGenerator { SpanID($0.nextNonZero()) }
  }

  @inline(__always)
  private func withGenerator<ID: Sendable>(_ make: (inout Generator) -> ID) -> ID {
    shards[ThreadSlot.current & (shards.count - 1)].generator.withLock { make(&$0) }
  }
}

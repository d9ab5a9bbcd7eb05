import OTLP
import Synchronization

/// A sum of whole numbers: one atomic addition for each measurement.
final class IntegerSumSeries: MetricSeries, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: as for `MetricSeries`.
  private struct Shard: ~Copyable, Sendable {
    let sum = Atomic<Int64>(0)
    /// An `ExemplarGate`. Threads that share a shard may overwrite each other's counting, which
    /// makes a look at the context a little earlier or later.
    let gate = Atomic<UInt64>(0)
  }

  private let shards = Sharded { Shard() }
  private let isMonotonic: Bool
  private let hasExemplars: Bool

  init(_ attributes: AttributeSet, _ context: SeriesContext, isMonotonic: Bool) {
    self.isMonotonic = isMonotonic
    hasExemplars = context.policy != nil
    super.init(attributes, context)
  }

  @inline(__always)
  override func aggregate(_ amount: Int64) -> Bool {
    // What only rises does not fall.
    if amount < 0, isMonotonic { return false }
    let shard = shards.local
    let (before, after) = shard.pointee.sum.wrappingAdd(amount, ordering: .relaxed)
    if after < before, amount > 0 { shard.pointee.sum.store(.max, ordering: .relaxed) }
    return hasExemplars && shard.pointee.gate.countsToOpen()
  }

  override func aggregate(_ amount: Double) -> Bool {
    amount.isFinite ? aggregate(Int64(clamping: amount)) : false
  }

  override func assign(_ value: Double) {
    if value.isFinite { assign(Int64(clamping: value)) }
  }

  override func assign(_ value: Int64) {
    let (amount, hasOverflown) = value.subtractingReportingOverflow(total)
    if !hasOverflown { measure(amount) }
  }

  override func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {
    shards.local.pointee.gate.update(body)
  }

  private var total: Int64 {
    (0..<shards.count).reduce(0) {
      Self.sum($0, shards[$1].pointee.sum.load(ordering: .relaxed))
    }
  }

  override var isUntouched: Bool {
    (0..<shards.count).allSatisfy { shards[$0].pointee.sum.load(ordering: .relaxed) == 0 }
  }

  override func collect(into points: inout MetricPoints) -> Bool {
    var value = total
    if points.isDelta {
      value = (0..<shards.count).reduce(0) {
        Self.sum($0, shards[$1].pointee.sum.exchange(0, ordering: .relaxed))
      }
      if value == 0 { return false }
    }
    for index in 0..<shards.count { shards[index].pointee.gate.store(0, ordering: .relaxed) }
    points.append(.int(value), of: self)
    return true
  }

  override func clear() {
    for index in 0..<shards.count { shards[index].pointee.sum.store(0, ordering: .relaxed) }
  }

  /// A sum beyond 64 bits stays at their limit.
  private static func sum(_ a: Int64, _ b: Int64) -> Int64 {
    let (sum, hasOverflown) = a.addingReportingOverflow(b)
    return hasOverflown ? (a > 0 ? .max : .min) : sum
  }
}

extension Int64 {
  /// The nearest whole number.
  fileprivate init(clamping value: Double) {
    self = Int64(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
  }
}

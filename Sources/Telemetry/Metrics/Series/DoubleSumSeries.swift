import OTLP
import Synchronization

/// A sum of fractional numbers. What is not finite would spoil it for good and is left out.
final class DoubleSumSeries: MetricSeries, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: as for `MetricSeries`.
  private struct Shard: ~Copyable, Sendable {
    /// The bits of a `Double`.
    let sum = Atomic<UInt64>(0)
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

  override func aggregate(_ amount: Double) -> Bool {
    guard amount.isFinite, amount >= 0 || !isMonotonic else { return false }
    let shard = shards.local
    shard.pointee.sum.add(amount)
    return hasExemplars && shard.pointee.gate.countsToOpen()
  }

  override func assign(_ value: Double) { measure(value - total) }

  override func withGate(of value: MetricNumber, _ body: (inout ExemplarGate) -> Void) {
    shards.local.pointee.gate.update(body)
  }

  private var total: Double {
    (0..<shards.count).reduce(0) {
      $0 + Double(bitPattern: shards[$1].pointee.sum.load(ordering: .relaxed))
    }
  }

  override var isUntouched: Bool {
    (0..<shards.count).allSatisfy { shards[$0].pointee.sum.load(ordering: .relaxed) == 0 }
  }

  override func collect(into points: inout MetricPoints) -> Bool {
    var value = total
    if points.isDelta {
      value = (0..<shards.count).reduce(0) {
        $0 + Double(bitPattern: shards[$1].pointee.sum.exchange(0, ordering: .relaxed))
      }
      if value == 0 { return false }
    }
    for index in 0..<shards.count { shards[index].pointee.gate.store(0, ordering: .relaxed) }
    points.append(.double(value), of: self)
    return true
  }

  override func clear() {
    for index in 0..<shards.count { shards[index].pointee.sum.store(0, ordering: .relaxed) }
  }
}

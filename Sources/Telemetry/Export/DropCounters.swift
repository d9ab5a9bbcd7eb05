/// How many records were lost, by reason.
package final class DropCounters: Sendable {
  private let counters: [DropReason: ShardedCounter]

  package init() {
    counters = Dictionary(
      uniqueKeysWithValues: DropReason.allCases.map { ($0, ShardedCounter()) })
  }

  package func add(_ count: Int, _ reason: DropReason) {
    guard count > 0 else { return }
    counters[reason]?.add(count, slot: ThreadSlot.current)
  }

  package func count(_ reason: DropReason) -> Int { counters[reason]?.total ?? 0 }

  /// Only the reasons for which something was lost.
  package var byReason: [DropReason: Int] {
    counters.mapValues(\.total).filter { $0.value > 0 }
  }

  package var total: Int { counters.values.reduce(0) { $0 + $1.total } }
}

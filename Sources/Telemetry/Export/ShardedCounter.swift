import Synchronization

/// A count that many threads raise without getting in each other's way.
package final class ShardedCounter: Sendable {
  /// Alone on its cache line, most of the time.
  private final class Cell: Sendable {
    let value = Atomic<Int>(0)
    let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
  }

  private let cells: [Cell]

  package init() {
    cells = (0..<ThreadSlot.shardCount).map { _ in Cell() }
  }

  package func add(_ amount: Int = 1, slot: Int) {
    cells[slot & (cells.count - 1)].value.wrappingAdd(amount, ordering: .relaxed)
  }

  /// The sum; concurrent additions may or may not be part of it.
  package var total: Int {
    cells.reduce(0) { $0 &+ $1.value.load(ordering: .relaxed) }
  }
}

import Synchronization

/// How many connections a server may still take, over all its loops.
final class ConnectionBudget: Sendable {
  private let used = Atomic(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Never more than the limit.
  var usedCount: Int { used.load(ordering: .relaxed) }

  /// Takes one; false when there is none.
  func take() -> Bool {
    var count = usedCount
    while count < limit {
      let (isTaken, present) = used.weakCompareExchange(
        expected: count, desired: count + 1, ordering: .relaxed)
      if isTaken { return true }
      count = present
    }
    return false
  }

  func giveBack() { used.subtract(1, ordering: .relaxed) }
}

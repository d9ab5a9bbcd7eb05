import Synchronization

/// How much of something a server may still use, over all its loops.
final class Budget: Sendable {
  private let used = Atomic(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  /// Never more than the limit.
  var usedCount: Int { used.load(ordering: .relaxed) }

  /// Takes so much; false when there is less.
  func take(_ amount: Int = 1) -> Bool {
    var count = usedCount
    while amount <= limit - count {
      let (isTaken, present) = used.weakCompareExchange(
        expected: count, desired: count + amount, ordering: .relaxed)
      if isTaken { return true }
      count = present
    }
    return false
  }

  func giveBack(_ amount: Int = 1) { used.subtract(amount, ordering: .relaxed) }
}

import Synchronization

/// How many connections a server may still take, over all its loops.
final class ConnectionBudget: Sendable {
  private let used = Atomic(0)
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  var usedCount: Int { used.load(ordering: .relaxed) }

  /// Takes one; false when there is none.
  func take() -> Bool {
    if used.add(1, ordering: .relaxed).newValue <= limit { return true }
    giveBack()
    return false
  }

  func giveBack() { used.subtract(1, ordering: .relaxed) }
}

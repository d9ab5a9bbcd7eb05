import Foundation

/// Holds threads up until it is opened, and tells who waits for that that they have come.
package final class Gate: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything is touched under `condition` only.
  private let condition = NSCondition()
  private var isOpen = false
  private var arrivals = 0
  private var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  package init() {}

  /// Blocks the thread until the gate is open, or for half a minute, so that a broken test ends.
  package func pass() {
    let limit = Date(timeIntervalSinceNow: 30)
    condition.lock()
    arrivals += 1
    let ready = waiters.filter { $0.count <= arrivals }
    waiters.removeAll { $0.count <= arrivals }
    condition.unlock()
    for waiter in ready { waiter.continuation.resume() }
    condition.withLock {
      while !isOpen, condition.wait(until: limit) {}
    }
  }

  package func open() {
    condition.withLock {
      isOpen = true
      condition.broadcast()
    }
  }

  /// Waits until `count` threads have come to the gate.
  package func arrived(_ count: Int = 1) async {
    await withCheckedContinuation { continuation in
      let isThere = condition.withLock {
        if arrivals >= count { return true }
        waiters.append((count, continuation))
        return false
      }
      if isThere { continuation.resume() }
    }
  }
}

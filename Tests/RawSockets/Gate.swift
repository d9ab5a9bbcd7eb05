import Glibc
import Synchronization

/// Opens once; tasks and threads can wait for it. Every wait is bounded.
package final class Gate: Sendable {
  private struct State {
    var isOpen = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var isOpen: Bool { state.withLock { $0.isOpen } }

  package func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Suspends until it is open. The test's own time limit bounds it.
  package func passed() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  /// Blocks the thread until it is open.
  /// - Returns: false when it did not open in time.
  package func block() -> Bool {
    for _ in 0..<(RawSocket.patienceSeconds * 1000) {
      if isOpen { return true }
      poll(nil, 0, 1)
    }
    return isOpen
  }
}

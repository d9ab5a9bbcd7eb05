package import Sockets
import Synchronization

/// Something that happens once and that any number of tasks may wait for.
package final class Completion: Sendable {
  private struct State {
    var isComplete = false
    var waiters: [Int: UnsafeContinuation<Bool, Never>] = [:]
    var nextWaiter = 0
  }

  private let state = Mutex(State())

  package init() {}

  package var isComplete: Bool { state.withLock { $0.isComplete } }

  /// It has happened. Later calls change nothing.
  package func complete() {
    let waiters = state.withLock { state in
      state.isComplete = true
      defer { state.waiters = [:] }
      return state.waiters
    }
    for waiter in waiters.values { waiter.resume(returning: true) }
  }

  /// Waits until it has happened, or until `deadline`.
  /// - Parameter loop: Whose clock ends the wait.
  /// - Returns: Whether it has happened.
  package func wait(until deadline: MonotonicInstant, on loop: EventLoop) async -> Bool {
    let timer = Mutex<Task<Void, Never>?>(nil)
    let happened = await withUnsafeContinuation { continuation in
      let waiter = state.withLock { state -> Int? in
        guard !state.isComplete else { return nil }
        defer { state.nextWaiter += 1 }
        state.waiters[state.nextWaiter] = continuation
        return state.nextWaiter
      }
      guard let waiter else { return continuation.resume(returning: true) }
      let task = Task(executorPreference: loop) {
        try? await loop.sleep(until: deadline)
        self.giveUp(waiter)
      }
      timer.withLock { $0 = task }
    }
    timer.withLock { $0?.cancel() }
    return happened
  }

  private func giveUp(_ waiter: Int) {
    let continuation = state.withLock { $0.waiters.removeValue(forKey: waiter) }
    continuation?.resume(returning: false)
  }
}

import Synchronization

/// Wakes one task on an event loop from any thread. Notifications that come while nobody waits are
/// kept as one, so none is missed between a look and a wait.
package final class WakeSignal: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: `isPending` is atomic; the rest is touched on the loop only.
  private let loop: EventLoop
  private let isPending = Atomic(false)
  private var continuation: UnsafeContinuation<Void, Never>?
  private var entry: DeadlineQueue.Entry?

  package init(_ loop: EventLoop) { self.loop = loop }

  /// Wakes the waiting task, or lets the next wait return at once. From any thread; cheap when a
  /// notification is pending already.
  package func notify() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    loop.execute { self.deliver() }
  }

  /// Waits for a notification, for `instant`, or for the task's cancellation, whichever is first.
  /// On the loop, one task at a time.
  package func wait(until instant: MonotonicInstant?) async {
    loop.preconditionIsCurrent()
    if isPending.exchange(false, ordering: .acquiringAndReleasing) { return }
    await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        precondition(self.continuation == nil, "two tasks wait for one signal")
        self.continuation = continuation
        schedule(instant)
      }
    } onCancel: {
      notify()
    }
    // An exchange, not a store: what was written before a notification must be seen behind it.
    _ = isPending.exchange(false, ordering: .acquiringAndReleasing)
  }

  private func schedule(_ instant: MonotonicInstant?) {
    guard let instant, instant != .distantFuture else { return }
    let entry = entry ?? DeadlineQueue.Entry { [unowned self] _ in deliver() }
    self.entry = entry
    loop.schedule(entry, at: instant)
  }

  private func deliver() {
    guard let continuation else { return }
    self.continuation = nil
    if let entry { loop.unschedule(entry) }
    continuation.resume()
  }
}

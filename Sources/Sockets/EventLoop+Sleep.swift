extension EventLoop {
  /// Suspends the current task, which must be on this loop, until `instant`.
  /// - Throws: `CancellationError` as soon as the task is cancelled.
  package func sleep(until instant: MonotonicInstant) async throws(CancellationError) {
    await WakeSignal(self).wait(until: instant)
    if Task.isCancelled { throw CancellationError() }
  }
}

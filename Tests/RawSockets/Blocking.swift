import Foundation

/// Runs what blocks on a thread of its own, so that it takes none from Swift's pool: the whole of
/// it, whatever it awaits.
package func onThread<R: Sendable>(
  _ body: @escaping @Sendable () async throws -> R
) async throws -> R {
  let thread = OwnThread()
  defer { thread.finish() }
  // A task, so that what is expected in there is known to belong to this test.
  return try await Task(executorPreference: thread) { try await body() }.value
}

/// A thread that runs a task.
private final class OwnThread: TaskExecutor, @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything mutable is touched under `condition` only.
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []
  private var isFinished = false

  init() {
    Thread.detachNewThread { [self] in
      while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  /// Lets the thread end when nothing is left to do.
  func finish() {
    condition.withLock {
      isFinished = true
      condition.signal()
    }
  }

  private func next() -> UnownedJob? {
    condition.withLock {
      while jobs.isEmpty, !isFinished { condition.wait() }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }
  }
}

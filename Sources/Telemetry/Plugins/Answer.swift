import Sockets
import Synchronization

/// What code of the program, which may take its time or never come back, answers.
final class Answer<Value: Sendable>: Sendable {
  private let value = Mutex<Value?>(nil)
  private let completion = Completion()
  private let cancelTask = Mutex<(@Sendable () -> Void)?>(nil)

  /// Starts `body` away from the loop.
  init(_ body: @escaping @Sendable () async -> Value) {
    let task = Task.detached { self.give(await body()) }
    cancelTask.withLock { $0 = { task.cancel() } }
  }

  private func give(_ answer: Value) {
    value.withLock { $0 = answer }
    completion.complete()
  }

  /// - Returns: nil when there is no answer before `deadline`; the task is cancelled then.
  func wait(until deadline: MonotonicInstant, on loop: EventLoop) async -> Value? {
    if await completion.wait(until: deadline, on: loop) { return value.withLock { $0 } }
    cancelTask.withLock { $0 }?()
    return nil
  }
}

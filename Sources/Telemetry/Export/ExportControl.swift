package import Sockets
import Synchronization

/// Tells an export that is under way that the process wants to end.
package final class ExportControl: Sendable {
  private struct State {
    var deadline: MonotonicInstant?
    /// What is to be cut short at the deadline.
    var running: [Int: @Sendable () -> Void] = [:]
    var nextNumber = 0
  }

  private let state = Mutex(State())
  private let signal: WakeSignal
  private let loop: EventLoop

  package init(loop: EventLoop) {
    self.loop = loop
    signal = WakeSignal(loop)
  }

  /// When everything has to be over; nil while nobody wants to end.
  package var shutdownDeadline: MonotonicInstant? { state.withLock { $0.deadline } }

  /// Ends a pause, shortens everything to come, and cancels what still runs at `instant`.
  package func shutDown(by instant: MonotonicInstant) {
    state.withLock { $0.deadline = instant }
    signal.notify()
    Task(executorPreference: loop) { [loop] in
      try? await loop.sleep(until: instant)
      let running = self.state.withLock { $0.running.values.map { $0 } }
      for cancel in running { cancel() }
    }
  }

  /// Part of the time until a deadline that is kept for counting what was not sent.
  private static let reserveMax = Duration.milliseconds(100)

  /// As `shutDown(by:)`, so long before `deadline` that there is time to count what was not sent.
  /// - Returns: When everything has to be over.
  package func shutDown(before deadline: MonotonicInstant) -> MonotonicInstant {
    let now = MonotonicInstant.now()
    let time = deadline > now ? deadline - now : .zero
    let last = deadline + (.zero - min(Self.reserveMax, time / 10))
    shutDown(by: last)
    return last
  }

  /// Runs `body` on the loop as a task that the shutdown's deadline cancels, whatever deadline it
  /// was begun with. One that begins behind that deadline has to see to it itself.
  package func run<R: Sendable>(_ body: @escaping @Sendable () async -> R) async -> R {
    let task = Task(executorPreference: loop) { await body() }
    let number = state.withLock { state in
      state.nextNumber += 1
      state.running[state.nextNumber] = { task.cancel() }
      return state.nextNumber
    }
    defer { state.withLock { $0.running[number] = nil } }
    return await withTaskCancellationHandler { await task.value } onCancel: { task.cancel() }
  }

  /// Waits until `instant`, or until the process begins to want to end: what is left then is tried
  /// without delay. On the loop.
  package func pause(until instant: MonotonicInstant) async {
    let wantedToEnd = shutdownDeadline != nil
    while MonotonicInstant.now() < instant, !Task.isCancelled,
      wantedToEnd || shutdownDeadline == nil
    {
      await signal.wait(until: instant)
    }
  }
}

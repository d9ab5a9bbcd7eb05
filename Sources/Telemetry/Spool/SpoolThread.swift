import CLinux
import Glibc
package import Sockets
import Synchronization

/// The thread that waits for disks, so that no event loop does. It does one thing after the other,
/// in the order in which they were asked for.
package final class SpoolThread: Sendable {
  private struct State {
    var jobs: [@Sendable () -> Void] = []
    /// Whether the thread sleeps until it is woken.
    var isIdle = false
    var isStopped = false
  }

  private let state = Mutex(State())
  private let wakeUp = WakeUp()

  /// Starts the thread.
  /// - Throws: `SystemError` when the system gives none.
  package init() throws(SystemError) {
    try DetachedThread.start { self.work() }
  }

  /// Has the thread call `body`, and waits until it has. After `stop` the caller does it itself.
  package func run<R: Sendable>(_ body: @escaping @Sendable () -> R) async -> R {
    await withUnsafeContinuation { continuation in
      add { continuation.resume(returning: body()) }
    }
  }

  /// As `run`, without waiting.
  package func add(_ job: @escaping @Sendable () -> Void) {
    let (mustWake, isStopped) = state.withLock { state -> (Bool, Bool) in
      if state.isStopped { return (false, true) }
      state.jobs.append(job)
      defer { state.isIdle = false }
      return (state.isIdle, false)
    }
    if isStopped { job() }
    if mustWake { wakeUp.post() }
  }

  /// Ends the thread when it has done what it was asked for.
  package func stop() {
    state.withLock { $0.isStopped = true }
    wakeUp.post()
  }

  private func work() {
    clinux_name_thread("telemetry-spool")
    Self.blockFileSizeSignal()
    while true {
      let (jobs, isOver) = state.withLock { state -> ([@Sendable () -> Void], Bool) in
        defer { state.jobs = [] }
        state.isIdle = state.jobs.isEmpty
        return (state.jobs, state.jobs.isEmpty && state.isStopped)
      }
      if isOver { return }
      for job in jobs { job() }
      if jobs.isEmpty { wakeUp.wait() }
    }
  }

  /// Makes a file that grows beyond the process's limit an error on this thread, instead of the end
  /// of the process.
  private static func blockFileSizeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGXFSZ)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

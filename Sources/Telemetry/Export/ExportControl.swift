package import Sockets
import Synchronization

/// Tells an export that is under way that the process wants to end.
package final class ExportControl: Sendable {
  private let deadline = Mutex<MonotonicInstant?>(nil)
  private let signal: WakeSignal

  package init(loop: EventLoop) { signal = WakeSignal(loop) }

  /// When everything has to be over; nil while nobody wants to end.
  package var shutdownDeadline: MonotonicInstant? { deadline.withLock { $0 } }

  /// Ends a pause, and shortens everything to come.
  package func shutDown(by instant: MonotonicInstant) {
    deadline.withLock { $0 = instant }
    signal.notify()
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

import Sockets
import Synchronization

/// Calls an exporter of the program: away from the loop, never two exports at a time, and never
/// waited for beyond a deadline.
final class BoundedCalls: Sendable {
  private let loop: EventLoop
  /// The export that had not come back when its time was over.
  private let stuck = Mutex<Answer<ExportOutcome>?>(nil)

  init(loop: EventLoop) { self.loop = loop }

  /// - Returns: nil when `export` did not come back in time, or could not be called because the one
  ///   before has not come back yet.
  func export(
    until deadline: MonotonicInstant, _ export: @escaping @Sendable () async -> ExportOutcome
  ) async -> ExportOutcome? {
    if let before = stuck.withLock({ $0 }) {
      guard await before.wait(until: deadline, on: loop) != nil else { return nil }
    }
    let answer = Answer(export)
    let outcome = await answer.wait(until: deadline, on: loop)
    stuck.withLock { $0 = outcome == nil ? answer : nil }
    return outcome
  }

  /// - Parameter body: A flush or a shutdown, which is told how long it may take.
  func flush(
    until deadline: MonotonicInstant, _ body: @escaping @Sendable (Duration) async -> FlushResult
  ) async -> FlushResult {
    let now = MonotonicInstant.now()
    let time = deadline > now ? deadline - now : .zero
    return await Answer { await body(time) }.wait(until: deadline, on: loop) ?? .timeout
  }
}

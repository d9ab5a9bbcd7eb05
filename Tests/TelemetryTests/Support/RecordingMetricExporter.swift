import OTLP
import Sockets
import Synchronization

@testable import Telemetry

/// Keeps what it is given, and answers as told.
final class RecordingMetricExporter: MetricExporter {
  typealias Answer = @Sendable (_ number: Int, _ points: Int) -> ExportResult

  private struct State {
    var batches: [[ScopeMetrics]] = []
    var running = 0
    var runningMax = 0
    var waiters: [(count: Int, completion: Completion)] = []
  }

  private let state = Mutex(State())
  private let answer: Answer
  private let loop: EventLoop
  /// While it is set and not complete, exports wait for it, or for their deadline.
  private let gate: Completion?

  init(
    loop: EventLoop, gate: Completion? = nil,
    answer: @escaping Answer = { ExportResult(exported: $1) }
  ) {
    self.loop = loop
    self.gate = gate
    self.answer = answer
  }

  var batches: [[ScopeMetrics]] { state.withLock { $0.batches } }
  /// How many exports there were at once, at most.
  var concurrencyMax: Int { state.withLock { $0.runningMax } }

  func export(
    _ metrics: [ScopeMetrics], deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    let (number, reached) = state.withLock { state -> (Int, [Completion]) in
      state.batches.append(metrics)
      state.running += 1
      state.runningMax = max(state.runningMax, state.running)
      let reached = state.waiters.filter { $0.count <= state.batches.count }.map(\.completion)
      state.waiters.removeAll { $0.count <= state.batches.count }
      return (state.batches.count, reached)
    }
    for completion in reached { completion.complete() }
    defer { state.withLock { $0.running -= 1 } }
    let limit = min(deadline, control.shutdownDeadline ?? deadline)
    if let gate, !(await gate.wait(until: limit, on: loop)) {
      return ExportResult(exported: 0, dropped: metrics.pointCount, reason: .exportTimeout)
    }
    return answer(number, metrics.pointCount)
  }

  /// Waits until there were `count` exports.
  /// - Returns: Whether that was within ten seconds.
  func received(_ count: Int) async -> Bool {
    let completion = Completion()
    state.withLock { state in
      if state.batches.count >= count {
        completion.complete()
      } else {
        state.waiters.append((count, completion))
      }
    }
    return await completion.wait(until: .now() + .seconds(10), on: loop)
  }
}

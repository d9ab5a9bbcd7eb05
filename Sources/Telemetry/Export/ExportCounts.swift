import Sockets
import Synchronization

/// Counts what an exporter does.
final class ExportCounts: Sendable {
  private let state = Mutex(ExporterStatistics())

  var statistics: ExporterStatistics { state.withLock { $0 } }

  func begin(_ count: Int) { state.withLock { $0.inFlight += count } }

  /// - Parameter outcome: How the last attempt ended.
  func end(
    _ result: ExportResult, since start: MonotonicInstant, outcome: ExporterStatistics.Outcome
  ) {
    let duration = MonotonicInstant.now() - start
    let isRejection = result.dropped > 0 && result.reason == .rejected
    let errorType = result.dropped == 0 ? nil : isRejection ? "rejected" : outcome.errorType
    state.withLock { state in
      state.inFlight -= result.exported + result.dropped
      if result.exported > 0 { state.ended[String?.none, default: 0] += result.exported }
      if result.dropped > 0 {
        state.ended[errorType ?? result.reason.rawValue, default: 0] += result.dropped
      }
      var ended = outcome
      if result.dropped > 0 { ended.errorType = errorType ?? result.reason.rawValue }
      state.operations[ended, default: ExporterStatistics.Durations()].add(duration)
    }
  }
}

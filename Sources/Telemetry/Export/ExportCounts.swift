import Sockets
import Synchronization

/// Counts what an exporter does.
final class ExportCounts: Sendable {
  typealias Listener = @Sendable (Duration, ExporterStatistics.Outcome) -> Void

  private let state = Mutex(ExporterStatistics())
  private let listener = Mutex<Listener?>(nil)

  /// Has `listener` told how long each export took, and how it ended.
  func setListener(_ listener: @escaping Listener) { self.listener.withLock { $0 = listener } }

  var statistics: ExporterStatistics { state.withLock { $0 } }

  func begin(_ count: Int) { state.withLock { $0.inFlight += count } }

  /// - Parameter outcome: How the last attempt ended.
  func end(
    _ result: ExportResult, since start: MonotonicInstant, outcome: ExporterStatistics.Outcome
  ) {
    let duration = MonotonicInstant.now() - start
    let isRejection = result.dropped > 0 && result.reason == .rejected
    let errorType = result.dropped == 0 ? nil : isRejection ? "rejected" : outcome.errorType
    var ended = outcome
    if result.dropped > 0 { ended.errorType = errorType ?? result.reason.rawValue }
    state.withLock { state in
      state.inFlight -= result.exported + result.dropped
      if result.exported > 0 { state.ended[String?.none, default: 0] += result.exported }
      if result.dropped > 0 {
        state.ended[errorType ?? result.reason.rawValue, default: 0] += result.dropped
      }
    }
    listener.withLock { $0 }?(duration, ended)
  }
}

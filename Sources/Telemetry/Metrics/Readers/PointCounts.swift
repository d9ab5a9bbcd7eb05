import Synchronization

/// What became of the points of one reader.
final class PointCounts: Sendable {
  private let state = Mutex(PipelineStatistics())

  var statistics: PipelineStatistics { state.withLock { $0 } }

  /// Points are about to be exported.
  func begin(_ count: Int) {
    state.withLock { state in
      state.started += count
      state.ended += count
      state.queued += count
    }
  }

  func end(_ result: ExportResult) {
    state.withLock { state in
      state.queued -= result.exported + result.dropped + result.deferred
      state.exported += result.exported
      if result.dropped > 0 { state.dropped[result.reason, default: 0] += result.dropped }
    }
  }
}

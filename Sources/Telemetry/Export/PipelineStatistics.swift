/// Where the records of one signal are. When nothing is in motion,
/// `started == ended + live` and `ended == exported + dropped + queued`, exactly; while threads
/// work, the numbers are read one after the other.
package struct PipelineStatistics: Sendable, Equatable {
  /// Sampled spans that were started; for logs, the same as ``ended``.
  package var started = 0
  /// Sampled spans that have ended, or log records made, whether or not they were kept.
  package var ended = 0
  /// Records that the receiver confirmed.
  package var exported = 0
  /// Records that were lost.
  package var dropped: [DropReason: Int] = [:]
  /// Records that wait, or are being sent.
  package var queued = 0

  package init() {}

  /// Spans that have not ended.
  package var live: Int { started - ended }

  package var droppedTotal: Int { dropped.values.reduce(0, +) }
}

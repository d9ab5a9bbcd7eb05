/// Where the records of one signal are. When nothing is in motion,
/// `started == ended + live` and `ended == exported + dropped + queued`, exactly; while threads
/// work, the numbers are read one after the other.
public struct PipelineStatistics: Sendable, Equatable {
  /// Sampled spans that were started; for logs, the same as ``ended``.
  public var started = 0
  /// Sampled spans that have ended, or log records made, whether or not they were kept.
  public var ended = 0
  /// Records that the receiver confirmed.
  public var exported = 0
  /// Records that were lost.
  public var dropped: [DropReason: Int] = [:]
  /// Records that wait, or are being sent.
  public var queued = 0

  public init() {}

  /// Spans that have not ended.
  public var live: Int { started - ended }

  public var droppedTotal: Int { dropped.values.reduce(0, +) }
}

/// What became of records that an exporter took, to deliver them later.
public struct DeferredRecords: Sendable, Equatable {
  /// Those that the receiver took.
  public var exported = 0
  /// Those that were lost.
  public var dropped: [DropReason: Int] = [:]
  /// Those that wait, in memory or on disk, or are being sent.
  public var pending = 0

  public init() {}

  public var droppedTotal: Int { dropped.values.reduce(0, +) }

  mutating func take(_ count: Int) { pending += count }

  mutating func settle(exported count: Int, dropped lost: Int = 0, _ reason: DropReason = .rejected) {
    pending -= count + lost
    exported += count
    if lost > 0 { dropped[reason, default: 0] += lost }
  }
}

extension PipelineStatistics {
  /// Adds what an exporter sees to itself.
  mutating func add(_ deferred: DeferredRecords) {
    exported += deferred.exported
    dropped.merge(deferred.dropped, uniquingKeysWith: +)
    queued += deferred.pending
  }
}

/// What an exporter's spool did so far. When nothing is in motion,
/// `recovered.exported + recovered.droppedTotal + recovered.pending` is all that was found of other
/// processes.
public struct SpoolStatistics: Sendable, Equatable {
  /// Records of this process that were written to disk.
  public var storedRecords = 0
  /// Those of them that wait there.
  public var waitingRecords = 0
  /// Bytes of this process's files.
  public var bytes = 0
  /// What became of records that other processes left.
  public var recovered = DeferredRecords()
  /// Bytes in files that nothing could be read of.
  public var unreadableBytes = 0

  public init() {}
}

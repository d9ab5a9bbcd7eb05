package import Bytes
import Synchronization

/// Where records wait to be exported: bounded, in shards, never blocking.
///
/// A record is encoded straight into the open batch of its thread's shard, behind a mutex that is
/// held for as long as that takes. A batch is sealed when it has as many records or bytes as one may
/// have; one consumer takes what there is, sealed or open.
package final class RecordQueue: Sendable {
  package struct Limits: Sendable, Equatable {
    /// Records that may wait.
    package var queueRecordsMax = 2_048
    /// Encoded bytes that may wait; the record that passes it is the last.
    package var queueBytesMax = 32 << 20
    /// Records in one batch; with as many waiting, the consumer is woken.
    package var batchRecordsMax = 512
    /// Encoded bytes with which a batch is sealed, whatever its count.
    package var batchBytesMax = 1 << 20
    /// Encoded bytes of one record.
    package var recordBytesMax = 4 << 20

    package init() {}
  }

  private struct Shard: ~Copyable {
    /// By scope index; nil for a scope that has nothing open.
    var open: [RecordSegment?] = []
    var openScopes: [Int] = []
    var recordCount = 0
    var byteCount = 0
    var sealed: [RecordBatch] = []
    var isClosed = false

    mutating func seal() {
      guard recordCount > 0 else { return }
      var batch = RecordBatch()
      for scope in openScopes {
        guard let segment = open[scope] else { continue }
        open[scope] = nil
        batch.segments.append(segment)
      }
      batch.recordCount = recordCount
      batch.byteCount = byteCount
      sealed.append(batch)
      openScopes.removeAll(keepingCapacity: true)
      recordCount = 0
      byteCount = 0
    }
  }

  private final class LockedShard: Sendable {
    let state = Mutex(Shard())
  }

  private let limits: Limits
  private let shards: [LockedShard]
  private let waiting = Atomic<Int>(0)
  private let waitingBytes = Atomic<Int>(0)
  private let drops: DropCounters
  private let pool = SegmentPool()
  private let onWork: @Sendable () -> Void

  /// - Parameters:
  ///   - drops: Counts what is not taken.
  ///   - onWork: Called when the first record waits, and when a full batch does; from any thread,
  ///     must not block.
  package init(limits: Limits, drops: DropCounters, onWork: @escaping @Sendable () -> Void) {
    self.limits = limits
    self.drops = drops
    self.onWork = onWork
    shards = (0..<ThreadSlot.shardCount).map { _ in LockedShard() }
  }

  /// Records that wait, those that the consumer took and has not released included.
  package var waitingCount: Int { waiting.load(ordering: .acquiring) }

  private enum Outcome: Sendable { case taken, tooLarge, closed }

  /// Adds a record.
  /// - Parameter encode: Appends the record as one field; it is called once or not at all.
  @inline(__always)
  package func append(scope: Int, _ encode: (inout ByteQueue) -> Void) {
    let before = waiting.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
    guard before < limits.queueRecordsMax,
      waitingBytes.load(ordering: .relaxed) < limits.queueBytesMax
    else {
      waiting.wrappingSubtract(1, ordering: .relaxed)
      drops.add(1, .queueFull)
      return
    }
    let shard = shards[ThreadSlot.current & (shards.count - 1)]
    let outcome = shard.state.withLock { append(to: &$0, scope: scope, encode) }
    if outcome != .taken {
      waiting.wrappingSubtract(1, ordering: .relaxed)
      drops.add(1, outcome == .closed ? .shutdown : .recordTooLarge)
    }
    // Even when it was not taken: another thread may have left it to this one to say so.
    if before == 0 || before == limits.batchRecordsMax - 1 { onWork() }
  }

  @inline(__always)
  private func append(
    to shard: inout Shard, scope: Int, _ encode: (inout ByteQueue) -> Void
  ) -> Outcome {
    guard !shard.isClosed else { return .closed }
    let segment = openSegment(of: &shard, scope: scope)
    let start = segment.bytes.count
    encode(&segment.bytes)
    let size = segment.bytes.count - start
    guard size <= limits.recordBytesMax else {
      segment.bytes.truncate(to: start)
      return .tooLarge
    }
    waitingBytes.wrappingAdd(size, ordering: .relaxed)
    segment.recordCount += 1
    shard.recordCount += 1
    shard.byteCount += size
    if shard.recordCount >= limits.batchRecordsMax || shard.byteCount >= limits.batchBytesMax {
      shard.seal()
    }
    return .taken
  }

  private func openSegment(of shard: inout Shard, scope: Int) -> RecordSegment {
    if scope < shard.open.count, let segment = shard.open[scope] { return segment }
    while shard.open.count <= scope { shard.open.append(nil) }
    let segment = pool.take(scope: scope)
    shard.open[scope] = segment
    shard.openScopes.append(scope)
    return segment
  }

  // MARK: The consumer's side

  /// Takes every batch, sealing those that are open. They count as waiting until `release`.
  package func takeAll() -> [RecordBatch] {
    var batches: [RecordBatch] = []
    for shard in shards {
      batches += shard.state.withLock { shard -> [RecordBatch] in
        shard.seal()
        defer { shard.sealed = [] }
        return shard.sealed
      }
    }
    return batches
  }

  /// Makes room for as many records as `batch` has: it is being sent.
  package func release(_ batch: RecordBatch) {
    waiting.wrappingSubtract(batch.recordCount, ordering: .acquiringAndReleasing)
    waitingBytes.wrappingSubtract(batch.byteCount, ordering: .relaxed)
  }

  /// Takes back the memory of a batch that was sent.
  package func recycle(_ batch: RecordBatch) {
    for segment in batch.segments { pool.give(back: segment) }
  }

  /// From now on every record is dropped.
  package func close() {
    for shard in shards { shard.state.withLock { $0.isClosed = true } }
  }
}

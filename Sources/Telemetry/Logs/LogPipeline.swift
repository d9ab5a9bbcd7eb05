import Bytes
import OTLP
import Synchronization

/// Takes every log record to standard output and to OTLP, with the same ids.
///
/// It may exist before the telemetry is configured: until it is connected it keeps what is logged,
/// as much as it may, and delivers it then in order.
package final class LogPipeline: Sendable {
  package struct Destinations: Sendable {
    /// Standard output and what a line looks like there.
    package var output: StandardOutput?
    package var format: any LogLineFormat
    /// Where records for exporters wait.
    package var queues: [RecordQueue]

    package init(
      output: StandardOutput?, format: any LogLineFormat = JSONLogLineFormat(),
      queues: [RecordQueue]
    ) {
      self.output = output
      self.format = format
      self.queues = queues
    }
  }

  private struct Early {
    var entries: [LogEntry] = []
    var isConnected = false
  }

  private struct Scratch: ~Copyable {
    var line = ByteQueue(capacity: 512)
    var time = TimestampText()
  }

  private final class LockedScratch: Sendable {
    let state = Mutex(Scratch())
  }

  /// The scopes of all signals of the pipeline.
  package let scopes: ScopeTable
  private let earlyRecordsMax: Int
  private let early = Mutex(Early())
  private let isConnected = Atomic(false)
  // Proof for `unsafe`: written once, before `isConnected` is stored with release order, and read
  // only after it was loaded with acquire order.
  private nonisolated(unsafe) var destinations: Destinations?
  private let scratches: [LockedScratch]
  private let emitted = ShardedCounter()
  private let drops = DropCounters()

  /// A line longer than this costs its memory only for as long as it is written.
  private static let keptLineBytesMax = 16 << 10

  /// - Parameter earlyRecordsMax: Records that are kept until `connect`; those beyond are dropped.
  package init(scopes: ScopeTable = ScopeTable(), earlyRecordsMax: Int = 1_024) {
    self.scopes = scopes
    self.earlyRecordsMax = earlyRecordsMax
    scratches = (0..<ThreadSlot.shardCount).map { _ in LockedScratch() }
  }

  /// Records that were made.
  package var emittedCount: Int { emitted.total }

  /// Records that were lost before there was a destination.
  package var earlyDroppedCount: Int { drops.total }

  /// Delivers what was kept, and everything from now on. Only the first call counts.
  package func connect(_ destinations: Destinations) {
    early.withLock { early in
      guard !early.isConnected else { return }
      early.isConnected = true
      self.destinations = destinations
      for entry in early.entries { deliver(entry, to: destinations) }
      early.entries = []
      isConnected.store(true, ordering: .releasing)
    }
  }

  /// Takes a record.
  package func emit(_ entry: borrowing LogEntry) {
    emitted.add(slot: ThreadSlot.current)
    if isConnected.load(ordering: .acquiring), let destinations {
      deliver(entry, to: destinations)
    } else {
      keep(copy entry)
    }
  }

  private func keep(_ entry: LogEntry) {
    // A thread that came here before `connect` had the lock finds it connected.
    let isConnected = early.withLock { early in
      if early.isConnected { return true }
      if early.entries.count < earlyRecordsMax {
        early.entries.append(entry)
      } else {
        drops.add(1, .queueFull)
      }
      return false
    }
    if isConnected, let destinations { deliver(entry, to: destinations) }
  }

  private func deliver(_ entry: borrowing LogEntry, to destinations: Destinations) {
    if let output = destinations.output {
      let scratch = scratches[ThreadSlot.current & (scratches.count - 1)]
      scratch.state.withLock { scratch in
        scratch.line.removeAll()
        destinations.format.append(entry, to: &scratch.line, time: &scratch.time)
        output.append(scratch.line)
        scratch.line.removeAll()
        scratch.line.shrink(to: Self.keptLineBytesMax)
      }
    }
    for queue in destinations.queues {
      queue.append(scope: entry.scope) { bytes in
        bytes.append(field: ExportRequestEnvelope.recordField, log: entry.record)
      }
    }
  }
}

import Bytes
import OTLP
package import ServiceContextModule
import Synchronization

/// Takes every log record to standard output and to OTLP, with the same ids.
///
/// It may exist before the telemetry is configured: until it is connected it keeps what is logged,
/// as much as it may, and delivers it then in order.
public final class LogPipeline: Sendable {
  package struct Destinations: Sendable {
    /// Standard output and what a line looks like there.
    package var output: StandardOutput?
    package var format: any LogLineFormat
    /// Where records for exporters wait.
    package var queues: [RecordQueue]
    /// See and may change every record before it goes anywhere.
    package var processors: [any LogRecordProcessor]

    package init(
      output: StandardOutput?, format: any LogLineFormat = JSONLogLineFormat(),
      queues: [RecordQueue], processors: [any LogRecordProcessor] = []
    ) {
      self.output = output
      self.format = format
      self.queues = queues
      self.processors = processors
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
  public convenience init(earlyRecordsMax: Int = 1_024) {
    self.init(scopes: ScopeTable(), earlyRecordsMax: earlyRecordsMax)
  }

  package init(scopes: ScopeTable, earlyRecordsMax: Int = 1_024) {
    self.scopes = scopes
    self.earlyRecordsMax = earlyRecordsMax
    scratches = (0..<ThreadSlot.shardCount).map { _ in LockedScratch() }
  }

  /// Records that were made.
  public var emittedCount: Int { emitted.total }

  /// Records that were lost before there was a destination.
  public var earlyDroppedCount: Int { drops.total }

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

  /// Whether a record would go anywhere (OpenTelemetry specification, "Enabled").
  /// - Parameter severityNumber: 0 when it is not known.
  package func isEnabled(
    severityNumber: UInt8, eventName: String, scope: Int, context: ServiceContext
  ) -> Bool {
    guard isConnected.load(ordering: .acquiring), let destinations else { return true }
    let scope = ScopeReference(scope, in: scopes)
    return destinations.output != nil || !destinations.queues.isEmpty
      || destinations.processors.contains {
        $0.isEnabled(
          severityNumber: severityNumber, eventName: eventName, scope: scope, context: context)
      }
  }

  private func deliver(_ entry: borrowing LogEntry, to destinations: Destinations) {
    guard destinations.processors.isEmpty else { return process(copy entry, destinations) }
    write(entry, to: destinations)
  }

  private func process(_ entry: LogEntry, _ destinations: Destinations) {
    var entry = entry
    let scope = ScopeReference(entry.scope, in: scopes)
    for processor in destinations.processors {
      processor.onEmit(&entry.record, scope: scope, context: entry.context ?? .topLevel)
    }
    write(entry, to: destinations)
  }

  private func write(_ entry: borrowing LogEntry, to destinations: Destinations) {
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

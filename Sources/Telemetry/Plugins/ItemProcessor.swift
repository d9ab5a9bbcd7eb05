import Sockets
import Synchronization

/// Takes records to an exporter of the program: a bounded queue, and a driver that exports one batch
/// after the other when `BatchState` says so.
final class ItemProcessor<Item: Sendable>: Sendable {
  typealias Export = @Sendable ([Item]) async -> ExportOutcome

  private struct State {
    var items: [Item] = []
    var flushes: [Completion] = []
    /// No more records are taken.
    var isClosed = false
    /// No more flushes are answered.
    var isFinished = false
  }

  private let batching: TelemetryConfiguration.Batching
  private let exporter: any TelemetryExporter
  private let exportItems: Export
  private let loop: EventLoop
  private let calls: BoundedCalls
  private let signal: WakeSignal
  private let state = Mutex(State())
  private let waiting = Atomic<Int>(0)
  private let handedOver = Atomic<Int>(0)
  /// Records that the exporter did not deliver, or that the end came before.
  private let lost = Atomic<Int>(0)
  private let drops = DropCounters()
  private let finished = Completion()
  private let isShutDown = Atomic(false)
  /// The shutdown's deadline has passed.
  private let isAbandoned = Atomic(false)

  /// Starts the driver.
  /// - Parameter export: Calls the exporter with a batch.
  init(
    batching: TelemetryConfiguration.Batching, exporter: any TelemetryExporter, loop: EventLoop,
    export: @escaping Export
  ) {
    self.batching = batching
    self.exporter = exporter
    exportItems = export
    self.loop = loop
    calls = BoundedCalls(loop: loop)
    signal = WakeSignal(loop)
    Task(executorPreference: loop) { await self.run() }
  }

  var statistics: ProcessorStatistics {
    ProcessorStatistics(
      queueSize: waiting.load(ordering: .acquiring), queueCapacity: batching.queueRecordsMax,
      handedOver: handedOver.load(ordering: .acquiring), dropped: drops.byReason)
  }

  /// Adds a record, or drops and counts it.
  func append(_ item: Item) {
    let before = waiting.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
    let reason = state.withLock { state -> DropReason? in
      if state.isClosed { return .shutdown }
      if before >= batching.queueRecordsMax { return .queueFull }
      state.items.append(item)
      return nil
    }
    if let reason {
      waiting.wrappingSubtract(1, ordering: .acquiringAndReleasing)
      return drops.add(1, reason)
    }
    if before == 0 || before + 1 >= batching.batchRecordsMax { signal.notify() }
  }

  // MARK: Flush and shutdown

  /// Exports everything that waits now.
  func forceFlush(within time: Duration) async -> FlushResult {
    let deadline = MonotonicInstant.now() + time
    let before = lost.load(ordering: .acquiring)
    guard await requestFlush().wait(until: deadline, on: loop) else { return .timeout }
    let flushed = await calls.flush(until: deadline) { [exporter] in
      await exporter.forceFlush(within: $0)
    }
    return delivered(since: before).and(flushed)
  }

  /// Takes no more records, exports those that wait, and ends. Later calls wait for the first.
  func shutdown(within time: Duration) async -> FlushResult {
    let deadline = MonotonicInstant.now() + time
    let before = lost.load(ordering: .acquiring)
    guard !isShutDown.exchange(true, ordering: .acquiringAndReleasing) else {
      return await finished.wait(until: deadline, on: loop) ? .success : .timeout
    }
    state.withLock { $0.isClosed = true }
    signal.notify()
    let isFinished = await finished.wait(until: deadline, on: loop)
    if !isFinished { isAbandoned.store(true, ordering: .releasing) }
    let ended = await calls.flush(until: deadline) { [exporter] in
      await exporter.shutdown(within: $0)
    }
    return (isFinished ? delivered(since: before) : .timeout).and(ended)
  }

  private func delivered(since before: Int) -> FlushResult {
    lost.load(ordering: .acquiring) == before ? .success : .failure
  }

  private func requestFlush() -> Completion {
    let completion = Completion()
    let isTooLate = state.withLock { state in
      if !state.isFinished { state.flushes.append(completion) }
      return state.isFinished
    }
    if isTooLate { return finished }
    signal.notify()
    return completion
  }

  // MARK: The driver

  private func run() async {
    var steps = BatchState(
      scheduleDelay: batching.scheduleDelay, batchRecordsMax: batching.batchRecordsMax)
    var collected: [Item] = []
    var flushes: [Completion] = []
    var isEnding = false
    while true {
      let new = state.withLock { state in
        defer { state.flushes = [] }
        return state
      }
      if !new.flushes.isEmpty {
        flushes += new.flushes
        steps.flush()
      }
      if new.isClosed, !isEnding {
        isEnding = true
        steps.shutDown()
      }
      switch steps.next(waiting: waiting.load(ordering: .acquiring), now: .now()) {
      case .wait(let instant): await signal.wait(until: instant)
      case .collect:
        collected += take()
        steps.collected(collected.count, now: .now())
      case .export:
        let batch = Array(collected.prefix(batching.batchRecordsMax))
        collected.removeFirst(batch.count)
        await export(batch)
        steps.exported(batch.count)
      case .flushed:
        for flush in flushes { flush.complete() }
        flushes = []
      case .finish: return finish(flushes)
      }
    }
  }

  private func take() -> [Item] {
    state.withLock { state in
      defer { state.items = [] }
      return state.items
    }
  }

  private func export(_ batch: [Item]) async {
    waiting.wrappingSubtract(batch.count, ordering: .acquiringAndReleasing)
    guard !isAbandoned.load(ordering: .acquiring) else {
      drops.add(batch.count, .shutdown)
      lost.wrappingAdd(batch.count, ordering: .acquiringAndReleasing)
      return
    }
    handedOver.wrappingAdd(batch.count, ordering: .acquiringAndReleasing)
    let deadline = batching.exportTimeout.map { .now() + $0 } ?? MonotonicInstant.distantFuture
    let outcome = await calls.export(until: deadline) { [exportItems] in
      await exportItems(batch)
    }
    if outcome != .success { lost.wrappingAdd(batch.count, ordering: .acquiringAndReleasing) }
  }

  private func finish(_ flushes: [Completion]) {
    let late = state.withLock { state in
      state.isFinished = true
      return state.flushes
    }
    finished.complete()
    for flush in flushes + late { flush.complete() }
  }
}

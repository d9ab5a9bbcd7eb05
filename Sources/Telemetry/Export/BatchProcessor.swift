package import Sockets
import Synchronization

/// Drives one signal's records from the queue to the exporter, on one task of one loop, so that no
/// two exports are ever concurrent.
package final class BatchProcessor: Sendable {
  package struct Configuration: Sendable {
    package var limits = RecordQueue.Limits()
    /// How long a record waits at most before its export begins.
    package var scheduleDelay = Duration.seconds(5)
    /// The longest that the export of one batch may take, retries included; nil is no limit.
    package var exportTimeout: Duration? = .seconds(30)
    /// Told how many records were lost because as many waited as may, since it was told before.
    package var onQueueFull: (@Sendable (Int) -> Void)?

    package init() {}

    package init(_ batching: TelemetryConfiguration.Batching) {
      limits.queueRecordsMax = batching.queueRecordsMax
      limits.batchRecordsMax = batching.batchRecordsMax
      scheduleDelay = batching.scheduleDelay
      exportTimeout = batching.exportTimeout
    }
  }

  private struct Requests {
    var flushes: [Completion] = []
    var isShutDown = false
    /// What was lost before the shutdown began.
    var lostBefore = 0
    var driver: Task<Void, Never>?
  }

  package let queue: RecordQueue
  private let configuration: Configuration
  private let exporter: any BatchExporter
  private let loop: EventLoop
  private let signal: WakeSignal
  private let control: ExportControl
  /// Of records that never reached the exporter.
  private let drops = DropCounters()
  /// Of records that the exporter could not deliver.
  private let exporterDrops = DropCounters()
  private let exported = Atomic<Int>(0)
  private let handedOver = Atomic<Int>(0)
  private let inFlight = Atomic<Int>(0)
  /// Records that the end came before.
  private let abandoned = Atomic<Int>(0)
  private let requests = Mutex(Requests())
  private let finished = Completion()

  /// Starts the driver.
  package init(configuration: Configuration, exporter: any BatchExporter, loop: EventLoop) {
    self.configuration = configuration
    self.exporter = exporter
    self.loop = loop
    let signal = WakeSignal(loop)
    self.signal = signal
    control = ExportControl(loop: loop)
    queue = RecordQueue(limits: configuration.limits, drops: drops) { signal.notify() }
    let driver = Task(executorPreference: loop) { await self.run() }
    requests.withLock { $0.driver = driver }
  }

  /// What became of the records so far; `started` and `ended` are for the caller to fill in.
  package var statistics: PipelineStatistics {
    var statistics = PipelineStatistics()
    statistics.exported = exported.load(ordering: .acquiring)
    statistics.dropped = drops.byReason.merging(exporterDrops.byReason, uniquingKeysWith: +)
    statistics.queued = queue.waitingCount + inFlight.load(ordering: .acquiring)
    statistics.add(exporter.deferred)
    return statistics
  }

  /// What the queue did, for the metrics `otel.sdk.processor.*`.
  package var processorStatistics: ProcessorStatistics {
    ProcessorStatistics(
      queueSize: queue.waitingCount, queueCapacity: configuration.limits.queueRecordsMax,
      handedOver: handedOver.load(ordering: .acquiring), dropped: drops.byReason)
  }

  package var droppedTotal: Int {
    drops.total + exporterDrops.total + exporter.deferred.droppedTotal
  }

  // MARK: Flush and shutdown

  /// Starts exporting everything that waits, and returns at once.
  package func startFlush() { _ = requestFlush() }

  /// Exports everything that waits now.
  /// - Returns: Whether it was delivered before `deadline`. What was not done goes on.
  package func forceFlush(deadline: MonotonicInstant) async -> Bool {
    let lost = undeliveredCount
    guard await requestFlush().wait(until: deadline, on: loop) else { return false }
    return await exporter.forceFlush(deadline: deadline) == .success && undeliveredCount == lost
  }

  /// Takes no more records, exports those that wait, and ends. What is not delivered by `deadline`
  /// is dropped and counted. Later calls wait for the first.
  /// - Returns: Whether everything was delivered before `deadline`.
  package func shutdown(deadline: MonotonicInstant) async -> Bool {
    let lost = undeliveredCount
    let (isFirst, lostBefore) = requests.withLock { requests in
      if !requests.isShutDown { requests.lostBefore = lost }
      defer { requests.isShutDown = true }
      return (!requests.isShutDown, requests.lostBefore)
    }
    if isFirst {
      queue.close()
      let last = control.shutDown(before: deadline)
      signal.notify()
      let driver = requests.withLock { $0.driver }
      Task(executorPreference: loop) {
        if await self.finished.wait(until: last, on: self.loop) { return }
        driver?.cancel()
      }
    }
    let isFinished = await finished.wait(until: deadline, on: loop)
    _ = await exporter.shutdown(deadline: deadline)
    return isFinished && undeliveredCount == lostBefore
  }

  /// Records that were taken and not delivered.
  private var undeliveredCount: Int {
    exporterDrops.total + abandoned.load(ordering: .acquiring) + exporter.deferred.droppedTotal
  }

  private func requestFlush() -> Completion {
    let completion = Completion()
    let isTooLate = requests.withLock { requests in
      if !requests.isShutDown { requests.flushes.append(completion) }
      return requests.isShutDown
    }
    if isTooLate { return finished }
    signal.notify()
    return completion
  }

  // MARK: The driver

  private func run() async {
    var state = BatchState(
      scheduleDelay: configuration.scheduleDelay,
      batchRecordsMax: configuration.limits.batchRecordsMax)
    var collected: [RecordBatch] = []
    var flushes: [Completion] = []
    var isShutDown = false
    var toldDrops = 0
    driving: while !Task.isCancelled {
      tellDrops(&toldDrops)
      let new = requests.withLock { requests in
        defer { requests.flushes = [] }
        return requests
      }
      if !new.flushes.isEmpty {
        flushes += new.flushes
        state.flush()
      }
      if new.isShutDown, !isShutDown {
        isShutDown = true
        state.shutDown()
      }
      switch state.next(waiting: queue.waitingCount, now: .now()) {
      case .wait(let instant): await signal.wait(until: instant)
      case .collect:
        if flushes.isEmpty, !isShutDown, let instant = exporter.heldUntil {
          await signal.wait(until: instant)
          continue
        }
        collected += queue.takeAll()
        state.collected(collected.reduce(0) { $0 + $1.recordCount }, now: .now())
      case .export: state.exported(await export(Self.nextBatch(from: &collected, configuration)))
      case .flushed:
        for flush in flushes { flush.complete() }
        flushes = []
      case .finish: break driving
      }
    }
    tellDrops(&toldDrops)
    end(collected, flushes)
  }

  private func tellDrops(_ told: inout Int) {
    guard let tell = configuration.onQueueFull else { return }
    let count = drops.count(.queueFull)
    guard count > told else { return }
    tell(count - told)
    told = count
  }

  private func export(_ batch: RecordBatch) async -> Int {
    let count = batch.recordCount
    inFlight.store(count, ordering: .releasing)
    handedOver.wrappingAdd(count, ordering: .acquiringAndReleasing)
    queue.release(batch)
    for part in exporter.divided(batch) {
      let deadline = configuration.exportTimeout.map { MonotonicInstant.now() + $0 }
      let result = await exporter.export(
        part, deadline: deadline ?? .distantFuture, control: control)
      exported.wrappingAdd(result.exported, ordering: .acquiringAndReleasing)
      exporterDrops.add(result.dropped, result.reason)
      inFlight.wrappingSubtract(part.recordCount, ordering: .acquiringAndReleasing)
    }
    queue.recycle(batch)
    return count
  }

  /// Counts what can no longer be sent.
  private func end(_ collected: [RecordBatch], _ flushes: [Completion]) {
    queue.close()
    for batch in collected + queue.takeAll() {
      queue.release(batch)
      drops.add(batch.recordCount, .shutdown)
      abandoned.wrappingAdd(batch.recordCount, ordering: .acquiringAndReleasing)
    }
    for flush in flushes { flush.complete() }
    finished.complete()
  }

  /// As many of the collected batches, from the oldest, as fit into one.
  private static func nextBatch(
    from collected: inout [RecordBatch], _ configuration: Configuration
  ) -> RecordBatch {
    let limits = configuration.limits
    var batch = RecordBatch()
    var used = 0
    for next in collected {
      if used > 0, batch.recordCount + next.recordCount > limits.batchRecordsMax { break }
      if used > 0, batch.byteCount + next.byteCount > limits.batchBytesMax * 2 { break }
      batch.append(contentsOf: next)
      used += 1
    }
    collected.removeFirst(used)
    return batch
  }
}

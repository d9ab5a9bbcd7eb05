import Sockets
import Synchronization

/// Takes requests that must not be lost, and delivers each: from memory while the receiver answers,
/// else by way of the disk, in order, until it answers again.
///
/// Two tasks of one loop drive it: one sends, one request at a time; the other writes to disk what
/// has waited in memory for too long, or is too much, or what the receiver is not there for. So a
/// receiver that never answers holds up neither. What both do is decided by `SpoolSenderState` and
/// `SpoolMemory`.
final class SpoolSender: Sendable {
  struct Parts: Sendable {
    let spool: Spool
    let set: SpoolSet
    let sender: OTLPSender
    let counts: ExportCounts
    let retry: RetryPolicy
    /// From 0 to below 1, for jitter.
    let random: @Sendable () -> Double
    let loop: EventLoop
    let log: DiagnosticLog
  }

  struct Flush: Sendable {
    let completion = Completion()
    let isDelivered = Delivery()
    /// Failed attempts when it began.
    let failures: Int

    final class Delivery: Sendable {
      let value = Atomic(false)
    }
  }

  struct State {
    var decision: SpoolSenderState
    var memory: SpoolMemory
    /// A request of this process is under way to the receiver.
    var isSending = false
    /// A request is under way to the disk.
    var isStoring = false
    var failures = 0
    var records = DeferredRecords()
    var recovered = DeferredRecords()
    var storedRecords = 0
    var flushes: [Flush] = []
    /// Those who wait for room in memory.
    var room: [Completion] = []
    var isShutDown = false
    /// Nothing more is sent.
    var isSendingOver = false
    /// Nothing more is taken.
    var isOver = false
  }

  let parts: Parts
  let state: Mutex<State>
  let control: ExportControl
  let sendSignal: WakeSignal
  let storeSignal: WakeSignal
  let finished = Completion()

  /// Of the time until the shutdown's deadline, what is kept for writing what was not sent.
  private static let storeTimeMax = Duration.milliseconds(500)

  /// Starts both tasks.
  init(_ parts: Parts) {
    self.parts = parts
    let configuration = parts.set.configuration
    state = Mutex(
      State(
        decision: SpoolSenderState(retry: parts.retry),
        memory: SpoolMemory(
          bytesMax: configuration.memoryBytesMax, delay: configuration.memoryDelay)))
    control = ExportControl(loop: parts.loop)
    sendSignal = WakeSignal(parts.loop)
    storeSignal = WakeSignal(parts.loop)
    Task(executorPreference: parts.loop) { await self.runSending() }
    Task(executorPreference: parts.loop) { await self.runStoring() }
  }

  /// What became of the records that were taken.
  var records: DeferredRecords { state.withLock { $0.records } }

  var statistics: SpoolStatistics {
    let figures = parts.spool.figures
    return state.withLock { state in
      var statistics = SpoolStatistics()
      statistics.storedRecords = state.storedRecords
      statistics.waitingRecords = figures.ownRecords
      statistics.bytes = figures.ownBytes
      statistics.recovered = state.recovered
      statistics.unreadableBytes = figures.unreadableBytes
      return statistics
    }
  }

  // MARK: From outside

  /// Takes a request. Waits only when neither the receiver nor the disk keeps up.
  /// - Parameter body: In protobuf.
  func take(_ body: [UInt8], recordCount: Int) async {
    parts.counts.begin(recordCount)
    let isTooLate = state.withLock { state in
      state.records.take(recordCount)
      return state.isOver
    }
    if isTooLate { return lose(recordCount, .shutdown, .own) }
    let room = state.withLock { state -> Completion? in
      state.memory.add(SpoolMemory.Item(body: body, recordCount: recordCount, taken: .now()))
      guard state.memory.isOverfull, !state.isShutDown else { return nil }
      let room = Completion()
      state.room.append(room)
      return room
    }
    sendSignal.notify()
    storeSignal.notify()
    if let room { _ = await room.wait(until: .distantFuture, on: parts.loop) }
  }

  /// Delivers what was taken until now.
  /// - Returns: Whether that was done before `deadline`; false at once when the receiver is away.
  func flush(deadline: MonotonicInstant) async -> Bool {
    let flush = state.withLock { state -> Flush? in
      guard !state.isSendingOver else { return nil }
      let flush = Flush(failures: state.failures)
      state.flushes.append(flush)
      state.decision.hurry()
      return flush
    }
    guard let flush else { return records.pending == 0 }
    sendSignal.notify()
    guard await flush.completion.wait(until: deadline, on: parts.loop) else { return false }
    return flush.isDelivered.value.load(ordering: .acquiring)
  }

  /// Sends what the receiver takes at once, has the rest written to disk, and ends. Later calls wait
  /// for the first.
  func shutdown(deadline: MonotonicInstant) async {
    let now = MonotonicInstant.now()
    let time = deadline > now ? deadline - now : .zero
    let isFirst = state.withLock { state in
      defer { state.isShutDown = true }
      if !state.isShutDown { state.decision.end() }
      return !state.isShutDown
    }
    if isFirst { control.shutDown(by: deadline + (.zero - min(Self.storeTimeMax, time / 2))) }
    sendSignal.notify()
    _ = await finished.wait(until: deadline, on: parts.loop)
  }

  // MARK: Sending

  private func runSending() async {
    var adoptionDue = MonotonicInstant.now()
    while true {
      if MonotonicInstant.now() >= adoptionDue {
        await parts.set.adopt()
        adoptionDue = .now() + parts.set.configuration.adoptionInterval
      }
      switch nextStep() {
      case .sendFromMemory: await sendFromMemory()
      case .sendOwn: await sendFromDisk(.own)
      case .sendAdopted: await sendFromDisk(.adopted)
      case .wait(let instant):
        await sendSignal.wait(until: min(instant ?? adoptionDue, adoptionDue))
      case .finish:
        state.withLock { state in
          state.isSendingOver = true
          state.memory.hurry()
        }
        settleFlushes()
        storeSignal.notify()
        return
      }
    }
  }

  private func nextStep() -> SpoolSenderState.Step {
    settleFlushes()
    let figures = parts.spool.figures
    return state.withLock { state in
      // What is under way to the disk is sent before what came behind it.
      if state.isStoring { return .wait(until: nil) }
      return state.decision.next(
        SpoolSenderState.Backlog(
          memory: state.memory.count, own: figures.ownRequests,
          hasAdopted: figures.adoptedFiles > 0), now: .now())
    }
  }

  private func sendFromMemory() async {
    let item = state.withLock { state -> SpoolMemory.Item? in
      state.isSending = true
      return state.memory.takeFirst()
    }
    if let item, !(await deliver(item.body, item.recordCount, since: item.taken, .own)) {
      state.withLock { $0.memory.putBack(item) }
    }
    state.withLock { $0.isSending = false }
    giveRoom()
    storeSignal.notify()
  }

  private func sendFromDisk(_ origin: SpoolStore.Origin) async {
    switch await parts.spool.next(origin) {
    case .none: break
    case .recovered(let count):
      parts.counts.begin(count)
      state.withLock { $0.recovered.take(count) }
    case .lost(let count, let reason): lose(count, reason, origin)
    case .request(let request):
      if await deliver(request.body, request.recordCount, since: .now(), origin) {
        await parts.spool.settle(origin)
      }
    }
  }

  /// Sends a request.
  /// - Returns: Whether it needs no other attempt.
  private func deliver(
    _ body: [UInt8], _ recordCount: Int, since start: MonotonicInstant, _ origin: SpoolStore.Origin
  ) async -> Bool {
    var outcome = ExporterStatistics.Outcome()
    var result = ExportResult(exported: 0, dropped: recordCount, reason: .exportFailed)
    if let request = parts.sender.makeRequest(body) {
      switch await parts.sender.send(
        request, recordCount: recordCount, deadline: .distantFuture, control, outcome: &outcome)
      {
      case .delivered(let rejected):
        result = ExportResult(
          exported: recordCount - rejected, dropped: rejected, reason: .rejected)
      case .refused: break
      case .failed(let retryAfter, _):
        failed(retryAfter)
        return false
      case .cancelled:
        failed(nil)
        return false
      }
      state.withLock { $0.decision.succeeded() }
    } else {
      parts.sender.notices.tooLarge(bytes: body.count, records: recordCount)
      outcome.errorType = OTLPSender.tooLargeLabel
    }
    settle(result, origin, since: start, outcome)
    return true
  }

  private func failed(_ retryAfter: Duration?) {
    state.withLock { state in
      state.failures += 1
      state.decision.failed(retryAfter: retryAfter, now: .now(), random: parts.random())
    }
  }
}

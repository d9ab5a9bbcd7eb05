import Sockets
import Synchronization

extension SpoolSender {
  // MARK: Storing

  func runStoring() async {
    while true {
      let now = MonotonicInstant.now()
      let isOnDisk = parts.spool.figures.ownRequests > 0
      let (step, isOver) = state.withLock { state -> (SpoolMemory.Step, Bool) in
        let isUrgent = state.isSendingOver || state.decision.isFailing || isOnDisk
        let step = state.memory.next(isUrgent: isUrgent, now: now)
        if case .store = step { state.isStoring = true }
        return (step, state.isSendingOver && state.memory.count == 0)
      }
      switch step {
      case .store(let item): await store(item)
      case .wait(let instant):
        if isOver { return finish() }
        await storeSignal.wait(until: instant)
      }
    }
  }

  private func store(_ item: SpoolMemory.Item) async {
    let appended = await parts.spool.append(item.body, recordCount: item.recordCount)
    let isLost = state.withLock { state -> Bool in
      state.isStoring = false
      if appended == .stored {
        state.storedRecords += item.recordCount
        return false
      }
      let next = MonotonicInstant.now() + parts.set.configuration.refusalPause
      return state.isSendingOver || !state.memory.refused(item, retry: next)
    }
    if case .failed(let error) = appended {
      parts.sender.notices.diskFailed("\(error)")
    }
    if isLost { lose(item.recordCount, appended == .full ? .spoolFull : .diskFull, .own) }
    giveRoom()
    sendSignal.notify()
  }

  private func finish() {
    state.withLock { $0.isOver = true }
    giveRoom()
    finished.complete()
  }

  // MARK: Accounts

  func lose(_ count: Int, _ reason: DropReason, _ origin: SpoolStore.Origin) {
    settle(
      ExportResult(exported: 0, dropped: count, reason: reason), origin, since: .now(),
      ExporterStatistics.Outcome(errorType: reason.rawValue))
  }

  func settle(
    _ result: ExportResult, _ origin: SpoolStore.Origin, since start: MonotonicInstant,
    _ outcome: ExporterStatistics.Outcome
  ) {
    parts.counts.end(result, since: start, outcome: outcome)
    state.withLock { state in
      if origin == .own {
        state.records.settle(exported: result.exported, dropped: result.dropped, result.reason)
      } else {
        state.recovered.settle(exported: result.exported, dropped: result.dropped, result.reason)
      }
    }
  }

  func giveRoom() {
    let waiting = state.withLock { state -> [Completion] in
      guard !state.memory.isOverfull || state.isSendingOver else { return [] }
      defer { state.room = [] }
      return state.room
    }
    for room in waiting { room.complete() }
  }

  func settleFlushes() {
    let isOnDisk = parts.spool.figures.ownRequests > 0
    let (done, isIdle) = state.withLock { state -> ([Flush], Bool) in
      let isIdle = state.memory.count == 0 && !state.isSending && !state.isStoring && !isOnDisk
      let done = state.flushes.filter {
        isIdle || state.failures > $0.failures || state.isSendingOver
      }
      state.flushes.removeAll {
        isIdle || state.failures > $0.failures || state.isSendingOver
      }
      return (done, isIdle)
    }
    for flush in done {
      flush.isDelivered.value.store(isIdle, ordering: .releasing)
      flush.completion.complete()
    }
  }
}

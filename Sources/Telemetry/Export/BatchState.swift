package import Sockets

/// Decides when records are exported (OpenTelemetry specification, "Batching processor"): as soon as
/// a full batch waits, and until less than one does; all of them when the schedule delay has passed
/// since the first record or the last export; all of them on a flush.
///
/// It knows numbers only: the driver tells it how many records wait and what it did, and does what
/// it says.
package struct BatchState: Sendable {
  package enum Step: Equatable, Sendable {
    /// Wait for new records or requests, at most until an instant.
    case wait(until: MonotonicInstant?)
    /// Take what waits in the shards, then report it with `collected`.
    case collect
    /// Export one batch of what was collected, then report it with `exported`.
    case export
    /// Tell those who asked for the flush that it is done.
    case flushed
    /// Everything is exported and no more will come.
    case finish
  }

  /// How long to wait before a look at records that were announced and are not there yet: a thread
  /// is just writing them.
  package static let lookAgainDelay = Duration.milliseconds(1)

  private let scheduleDelay: Duration
  private let batchRecordsMax: Int
  private var due: MonotonicInstant?
  /// Collected records that have to be exported now.
  private var owed = 0
  private var isFlushing = false
  private var hasCollectedForFlush = false
  private var isShutDown = false
  private var lookAgain: MonotonicInstant?

  package init(scheduleDelay: Duration, batchRecordsMax: Int) {
    self.scheduleDelay = scheduleDelay
    self.batchRecordsMax = batchRecordsMax
  }

  /// Everything that waits now is to be exported.
  package mutating func flush() {
    isFlushing = true
    hasCollectedForFlush = false
  }

  /// Everything that waits now is to be exported, and that was all.
  package mutating func shutDown() {
    isShutDown = true
    flush()
  }

  /// - Parameter waiting: Records that wait, collected or not.
  package mutating func next(waiting: Int, now: MonotonicInstant) -> Step {
    if owed > 0 { return .export }
    if isFlushing {
      guard hasCollectedForFlush else { return .collect }
      isFlushing = false
      return .flushed
    }
    if isShutDown { return .finish }
    guard waiting > 0 else {
      due = nil
      lookAgain = nil
      return .wait(until: nil)
    }
    let due = due ?? now + scheduleDelay
    self.due = due
    if let lookAgain, now < lookAgain { return .wait(until: min(due, lookAgain)) }
    return waiting >= batchRecordsMax || now >= due ? .collect : .wait(until: due)
  }

  /// - Parameter count: All records that are collected and not exported.
  package mutating func collected(_ count: Int, now: MonotonicInstant) {
    lookAgain = nil
    if isFlushing {
      hasCollectedForFlush = true
      owed = count
    } else if let due, now >= due {
      owed = count
    } else {
      owed = count - count % batchRecordsMax
    }
    if owed == 0 {
      due = nil
      lookAgain = now + Self.lookAgainDelay
    }
  }

  package mutating func exported(_ count: Int) {
    owed = max(0, owed - count)
    due = nil
  }
}

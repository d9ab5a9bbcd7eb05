import Foundation

/// Answers callers whose time is up, on a thread of its own: a disk that does not answer holds the
/// workers, but not those who wait for them.
final class DeadlineWatch: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: `entries` and `isClosed` are touched under `condition` only.
  private struct Entry {
    let deadline: ContinuousClock.Instant
    let caller: any PatientCaller
  }

  /// How often it looks; callers may wait for that much longer.
  private static let interval = 0.05

  private let condition = NSCondition()
  private var entries: [Entry] = []
  private var isClosed = false

  init() {
    let thread = Thread { [self] in
      while let present = takeEntries() { lookAt(present) }
    }
    thread.name = "db-deadlines"
    thread.stackSize = 512 << 10
    thread.start()
  }

  func add(_ caller: any PatientCaller, deadline: ContinuousClock.Instant) {
    condition.withLock {
      entries.append(Entry(deadline: deadline, caller: caller))
      if entries.count == 1 { condition.signal() }
    }
  }

  /// Looks no more.
  func close() {
    condition.withLock {
      isClosed = true
      condition.broadcast()
    }
  }

  /// Waits until there is something to look at; then, for it to become old.
  /// - Returns: nil at the end.
  private func takeEntries() -> [Entry]? {
    condition.withLock {
      while entries.isEmpty, !isClosed { condition.wait() }
      let next = Date(timeIntervalSinceNow: Self.interval)
      while !isClosed, condition.wait(until: next) {}
      guard !isClosed else { return nil }
      defer { entries = [] }
      return entries
    }
  }

  private func lookAt(_ present: [Entry]) {
    let now = ContinuousClock.now
    var waiting: [Entry] = []
    for entry in present where !entry.caller.isAnswered {
      if entry.deadline <= now {
        entry.caller.giveUp()
      } else {
        waiting.append(entry)
      }
    }
    guard !waiting.isEmpty else { return }
    condition.withLock { entries += waiting }
  }
}

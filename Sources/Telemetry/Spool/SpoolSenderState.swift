package import Sockets

/// Decides what a spooling exporter sends next, and when: what is in memory, when nothing is on
/// disk; what is on disk, from the oldest, when there is something; and by turns what other processes
/// left. After a failure it waits, longer each time. Pure: time and chance are parameters.
package struct SpoolSenderState: Sendable {
  package enum Step: Equatable, Sendable {
    /// Send the request that waits longest in memory.
    case sendFromMemory
    /// Send the oldest request of this process's files.
    case sendOwn
    /// Send the oldest request of another process's files.
    case sendAdopted
    /// Wait for something to send, at most until an instant.
    case wait(until: MonotonicInstant?)
    /// Everything is sent, or cannot be, and no more will come.
    case finish
  }

  /// What there is to send.
  package struct Backlog: Sendable {
    package var memory: Int
    package var own: Int
    package var hasAdopted: Bool

    package init(memory: Int, own: Int, hasAdopted: Bool) {
      self.memory = memory
      self.own = own
      self.hasAdopted = hasAdopted
    }
  }

  private let retry: RetryPolicy
  private var retries = 0
  private var notBefore: MonotonicInstant?
  /// Whether the receiver asked for the pause.
  private var isHeld = false
  private var isAdoptedNext = false
  private var isEnding = false

  package init(retry: RetryPolicy) { self.retry = retry }

  /// Whether the last attempt failed: then what is in memory belongs on disk.
  package var isFailing: Bool { retries > 0 }

  /// What there is now is tried once more, unless the receiver asked not to; with the first failure
  /// it is over.
  package mutating func end() {
    isEnding = true
    guard !isHeld else { return }
    retries = 0
    notBefore = nil
  }

  package mutating func next(_ backlog: Backlog, now: MonotonicInstant) -> Step {
    if isEnding, isFailing { return .finish }
    if let notBefore, now < notBefore { return .wait(until: notBefore) }
    let hasOwn = backlog.own > 0 || backlog.memory > 0
    if backlog.hasAdopted, isAdoptedNext || !hasOwn, !isEnding {
      isAdoptedNext = false
      return .sendAdopted
    }
    isAdoptedNext = true
    if backlog.own > 0 { return .sendOwn }
    if backlog.memory > 0 { return .sendFromMemory }
    return isEnding ? .finish : .wait(until: nil)
  }

  /// Tries again now, unless the receiver asked not to.
  package mutating func hurry() { if !isHeld { notBefore = nil } }

  /// The receiver answered.
  package mutating func succeeded() {
    retries = 0
    notBefore = nil
    isHeld = false
  }

  /// The receiver could not be reached, or asked for a pause.
  /// - Parameter random: From 0 to below 1.
  package mutating func failed(retryAfter: Duration?, now: MonotonicInstant, random: Double) {
    notBefore = now + retry.delay(retries: retries, retryAfter: retryAfter, random: random)
    isHeld = retryAfter != nil
    retries += 1
  }
}

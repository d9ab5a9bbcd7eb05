package import Bytes

/// What a try to receive came to.
package enum ReceiveOutcome: Hashable, Sendable {
  /// This many bytes were appended, at least one.
  case received(Int)
  /// Nothing is there yet: `waitUntilReadable`.
  case wouldBlock
  /// The peer has ended its half properly; nothing more will come.
  case endOfStream
}

/// A connected stream of bytes, plain or secured: tries first, and waits only when told that it
/// must. Trying never suspends, so that bytes need not outlive a suspension, and waiting carries no
/// bytes.
///
/// A stream is used on its event loop only, by one task at a time in each direction.
package protocol ByteStream: AnyObject {
  /// Tries to receive, and appends at most `byteCountMax` bytes to `queue`.
  func receive(into queue: inout ByteQueue, atMost byteCountMax: Int) throws(StreamError)
    -> ReceiveOutcome

  /// Tries to send, and consumes what was taken from `queue`.
  /// - Returns: Whether `queue` is empty now; if not, `waitUntilWritable`.
  func send(_ queue: inout ByteQueue) throws(StreamError) -> Bool

  /// Waits until `receive` is worth another try.
  /// - Throws: `timedOut` at the deadline, `cancelled` when the task is, `closed` after `close`.
  func waitUntilReadable(deadline: MonotonicInstant) async throws(StreamError)

  /// Resumes `reader` when `receive` is worth another try, at `deadline`, or after `close`: the part
  /// of `waitUntilReadable` that a task needs which nobody cancels, for a third of the price. Before
  /// `closeWrite` only.
  func resume(_ reader: UnsafeContinuation<StreamWake, Never>, whenReadableBy: MonotonicInstant)

  /// Waits until `send` is worth another try; throws as `waitUntilReadable` does.
  func waitUntilWritable(deadline: MonotonicInstant) async throws(StreamError)

  /// Whether it is known that nothing can reach the peer any more. A peer that has only ended its
  /// own half can still be answered.
  var isBroken: Bool { get }

  /// Lets whoever waits to read return, as if there were something: to look at the world again.
  func interruptRead()

  /// Ends this side's half: the peer reads to the end, and can still answer.
  func closeWrite()

  /// Closes at once. Whoever waits gets `closed`. Harmless when closed already.
  func close()

  /// As `close`, in a way that the peer cannot take for a proper end. What was sent and not yet
  /// received may be lost.
  func reset()
}

extension ByteStream {
  /// Sends all of `queue`, waiting as often as the peer makes it.
  package func sendAll(_ queue: inout ByteQueue, deadline: MonotonicInstant)
    async throws(StreamError)
  {
    while try !send(&queue) { try await waitUntilWritable(deadline: deadline) }
  }
}

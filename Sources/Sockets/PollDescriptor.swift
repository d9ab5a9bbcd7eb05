import CLinux
import Glibc

/// A non-blocking descriptor on an event loop: what is known of its readiness, and who waits for
/// it. Listener and stream are built on it.
///
/// Readiness starts out as assumed, is cleared when a call would have had to wait, and comes back
/// with epoll's edge. One task may wait for each direction.
final class PollDescriptor: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: everything mutable is touched on the loop's thread only, which
  // every entry point checks; other threads reach it through `EventLoop.execute`.

  enum Direction { case reading, writing }

  private struct Waiter {
    var continuation: UnsafeContinuation<StreamWake, Never>?
    var deadline = MonotonicInstant.distantFuture
    /// Tells a cancellation that comes late from one for the present wait.
    var ticket: UInt64 = 0
  }

  let loop: EventLoop
  // Exclusivity of these is not checked at run time: nothing is called during an access.
  @exclusivity(unchecked) private var descriptor: FileDescriptor?
  @exclusivity(unchecked) private(set) var isReadable = true
  @exclusivity(unchecked) private(set) var isWritable = true
  /// Whether the peer has ended, or the connection is broken: no further edge may come.
  @exclusivity(unchecked) private(set) var isHungUp = false
  /// Whether the connection is over in both directions.
  @exclusivity(unchecked) private(set) var isBroken = false
  @exclusivity(unchecked) private var reader = Waiter()
  @exclusivity(unchecked) private var writer = Waiter()
  /// At most one entry; it may be due before any deadline, and is then moved.
  @exclusivity(unchecked) private var entry: DeadlineQueue.Entry?

  /// Takes over `descriptor` and registers it with `loop`, on whose thread this must be.
  init(_ descriptor: consuming FileDescriptor, loop: EventLoop) throws(SystemError) {
    self.loop = loop
    let rawValue = descriptor.rawValue
    self.descriptor = consume descriptor
    try loop.register(rawValue, owner: self)
  }

  /// The descriptor's number, nil after `close`.
  var rawValue: Int32? {
    switch descriptor {
    case .some(let open): open.rawValue
    case .none: nil
    }
  }

  var isClosed: Bool { rawValue == nil }

  /// Notes that a read would have had to wait: whatever comes is a new edge.
  func markDrained() { isReadable = false }

  /// Notes that a read was short, which empties the socket. After a hang-up the end is still to be
  /// read, and no edge announces it.
  func markShortRead() { isReadable = isHungUp }

  /// Notes that a write would have had to wait. A peer that has ended its own half may still be
  /// slow to read: that it hung up says nothing here.
  func markFull() { isWritable = false }

  /// Takes epoll's events; on the loop.
  func handle(mask: UInt32) {
    let broken = mask & UInt32(EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
    if broken { isBroken = true }
    if broken || mask & UInt32(EPOLLRDHUP.rawValue) != 0 { isHungUp = true }
    if isHungUp || mask & UInt32(EPOLLIN.rawValue) != 0 {
      isReadable = true
      wake(.reading, .ready)
    }
    if broken || mask & UInt32(EPOLLOUT.rawValue) != 0 {
      isWritable = true
      wake(.writing, .ready)
    }
  }

  /// Waits until the descriptor is ready in `direction`.
  func wait(_ direction: Direction, deadline: MonotonicInstant) async throws(StreamError) {
    loop.preconditionIsCurrent()
    guard !isClosed else { throw .closed }
    guard !(direction == .reading ? isReadable : isWritable) else { return }
    let ticket = (direction == .reading ? reader.ticket : writer.ticket) &+ 1
    let wake = await withTaskCancellationHandler {
      await withUnsafeContinuation { continuation in
        suspend(direction, continuation, deadline, ticket)
      }
    } onCancel: {
      cancel(direction, ticket)
    }
    try wake.check()
  }

  /// Resumes `reader` when there may be something to read, and at `deadline` at the latest.
  func resume(
    _ reader: UnsafeContinuation<StreamWake, Never>, whenReadableBy deadline: MonotonicInstant
  ) {
    loop.preconditionIsCurrent()
    guard !isClosed else { return reader.resume(returning: .closed) }
    guard !isReadable else { return reader.resume(returning: .ready) }
    suspend(.reading, reader, deadline, self.reader.ticket &+ 1)
  }

  /// Wakes the reader although nothing is known to be there.
  func interruptReader() {
    loop.preconditionIsCurrent()
    wake(.reading, .ready)
  }

  /// Closes the descriptor and wakes whoever waits. Harmless when closed already.
  func close() {
    loop.preconditionIsCurrent()
    guard let rawValue else { return }
    loop.unregister(rawValue)
    if let entry { loop.unschedule(entry) }
    descriptor = nil
    wake(.reading, .closed)
    wake(.writing, .closed)
  }

  private func suspend(
    _ direction: Direction, _ continuation: UnsafeContinuation<StreamWake, Never>,
    _ deadline: MonotonicInstant, _ ticket: UInt64
  ) {
    let waiter = Waiter(continuation: continuation, deadline: deadline, ticket: ticket)
    switch direction {
    case .reading:
      precondition(reader.continuation == nil, "two tasks read from one stream")
      reader = waiter
    case .writing:
      precondition(writer.continuation == nil, "two tasks write to one stream")
      writer = waiter
    }
    arm(deadline)
  }

  /// From any thread.
  private func cancel(_ direction: Direction, _ ticket: UInt64) {
    loop.execute { [self] in
      let current = direction == .reading ? reader.ticket : writer.ticket
      if current == ticket { wake(direction, .cancelled) }
    }
  }

  private func wake(_ direction: Direction, _ wake: StreamWake) {
    let continuation: UnsafeContinuation<StreamWake, Never>?
    switch direction {
    case .reading:
      continuation = reader.continuation
      reader.continuation = nil
      reader.deadline = .distantFuture
    case .writing:
      continuation = writer.continuation
      writer.continuation = nil
      writer.deadline = .distantFuture
    }
    continuation?.resume(returning: wake)
  }

  /// Makes sure that the loop looks here no later than `deadline`. A deadline that moves away, as it
  /// does with every request, costs nothing: the entry stays and is moved when it comes up.
  private func arm(_ deadline: MonotonicInstant) {
    guard deadline != .distantFuture else { return }
    let entry = entry ?? makeEntry()
    if !entry.isQueued || deadline < entry.instant { loop.schedule(entry, at: deadline) }
  }

  private func makeEntry() -> DeadlineQueue.Entry {
    let made = DeadlineQueue.Entry { [unowned self] now in deadlineReached(now) }
    entry = made
    return made
  }

  private func deadlineReached(_ now: MonotonicInstant) {
    if reader.deadline <= now { wake(.reading, .timedOut) }
    if writer.deadline <= now { wake(.writing, .timedOut) }
    arm(min(reader.deadline, writer.deadline))
  }
}

package import Bytes
import Glibc
package import Sockets
import Synchronization

/// Writes lines to a descriptor on a thread of its own, so that nobody who logs ever waits for a
/// terminal, a pipe or a disk.
///
/// Lines wait in a buffer of bounded size; one for which there is no room is dropped and counted.
/// When the other end of a pipe is closed, everything from then on is.
package final class StandardOutput: Sendable {
  private struct State: ~Copyable {
    var pending = ByteQueue(capacity: 4_096)
    var drains: [Completion] = []
    /// Whether the writer sleeps until it is woken.
    var isIdle = true
    /// No more is buffered; what comes is written at once, if there is room.
    var isClosed = false
    /// Nothing can be written any more.
    var isBroken = false
    var dropped = 0
  }

  private let state = Mutex(State())
  private let writer: LineWriter
  private let wakeUp: WakeUp
  /// Whether the descriptor is closed when the writer ends.
  private let ownsDescriptor: Bool
  /// Bytes that may wait; up to as many more are being written.
  package let bufferBytesMax: Int

  /// How long the writer collects after it wrote, so that a stream of lines costs few system calls;
  /// a line after a pause is written at once.
  private static let collectionNanoseconds = 2_000_000

  /// Starts the writer.
  /// - Parameters:
  ///   - descriptor: Stays the caller's.
  ///   - bufferBytesMax: Bytes that may wait; up to as many more are being written.
  /// - Throws: `SystemError` when the system gives no thread.
  package init(
    descriptor: Int32 = STDOUT_FILENO, bufferBytesMax: Int = 1 << 20
  ) throws(SystemError) {
    writer = LineWriter(descriptor: descriptor)
    wakeUp = WakeUp()
    ownsDescriptor = false
    self.bufferBytesMax = bufferBytesMax
    try startThread()
  }

  /// As the other one; the descriptor is closed when the writer ends, or when it cannot start.
  package init(owning descriptor: Int32, bufferBytesMax: Int) throws(SystemError) {
    writer = LineWriter(descriptor: descriptor)
    wakeUp = WakeUp()
    ownsDescriptor = true
    self.bufferBytesMax = bufferBytesMax
    do throws(SystemError) { try startThread() } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Lines that were not written.
  package var droppedCount: Int { state.withLock { $0.dropped } }

  private enum Acceptance: Sendable { case refused, taken, takenByIdleWriter }

  /// Adds one line, with its end.
  /// - Returns: Whether it was taken; if not, it is counted as dropped.
  @discardableResult
  package func append(_ line: borrowing ByteQueue) -> Bool {
    let acceptance = state.withLock { state -> Acceptance in
      if !state.isBroken, state.isClosed {
        if !ownsDescriptor, writer.writeWithoutWaiting(line) { return .taken }
      } else if !state.isBroken, state.pending.count + line.count <= bufferBytesMax {
        state.pending.append(line)
        defer { state.isIdle = false }
        return state.isIdle ? .takenByIdleWriter : .taken
      }
      state.dropped += 1
      return .refused
    }
    if acceptance == .takenByIdleWriter { wakeUp.post() }
    return acceptance != .refused
  }

  /// Waits until every line so far is written, or cannot be.
  /// - Returns: Whether that was before `deadline`.
  package func drain(until deadline: MonotonicInstant, on loop: EventLoop) async -> Bool {
    let completion = Completion()
    let mustWake = state.withLock { state -> Bool in
      guard !state.isBroken, !state.isClosed else {
        completion.complete()
        return false
      }
      state.drains.append(completion)
      defer { state.isIdle = false }
      return state.isIdle
    }
    if mustWake { wakeUp.post() }
    return await completion.wait(until: deadline, on: loop)
  }

  /// Ends the thread when it has written what waits. Lines that come later are written at once when
  /// the descriptor has room for them.
  package func close() {
    state.withLock { $0.isClosed = true }
    wakeUp.post()
  }

  // MARK: The writer's thread

  private func startThread() throws(SystemError) {
    try DetachedThread.start { self.run() }
  }

  private enum Turn: Sendable { case write, sleep, end }

  private func run() {
    LineWriter.blockBrokenPipeSignal()
    var chunk = ByteQueue(capacity: 4_096)
    while true {
      var drains: [Completion] = []
      let turn = state.withLock { state -> Turn in
        drains = state.drains
        state.drains = []
        if state.pending.isEmpty, drains.isEmpty {
          guard !state.isClosed, !state.isBroken else { return .end }
          state.isIdle = true
          return .sleep
        }
        swap(&state.pending, &chunk)
        return .write
      }
      switch turn {
      case .end:
        if ownsDescriptor { Glibc.close(writer.descriptor) }
        return
      case .sleep: wakeUp.wait()
      case .write:
        write(&chunk)
        for drain in drains { drain.complete() }
        if drains.isEmpty { wakeUp.pause(nanoseconds: Self.collectionNanoseconds) }
      }
    }
  }

  private func write(_ chunk: inout ByteQueue) {
    let outcome = writer.write(&chunk)
    if outcome != .written {
      state.withLock { state in
        state.dropped += LineWriter.lineCount(chunk)
        if outcome == .broken {
          state.isBroken = true
          state.dropped += LineWriter.lineCount(state.pending)
          state.pending.removeAll()
        }
      }
    }
    chunk.removeAll()
    chunk.shrink(to: 64 << 10)
  }
}

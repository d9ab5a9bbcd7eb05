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
  private let bufferBytesMax: Int

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
    self.bufferBytesMax = bufferBytesMax
    try startThread()
  }

  /// Lines that were not written.
  package var droppedCount: Int { state.withLock { $0.dropped } }

  /// Adds one line, with its end.
  package func append(_ line: borrowing ByteQueue) {
    let mustWake = state.withLock { state -> Bool in
      guard !state.isBroken else {
        state.dropped += 1
        return false
      }
      if state.isClosed {
        if !writer.writeWithoutWaiting(line) { state.dropped += 1 }
        return false
      }
      guard state.pending.count + line.count <= bufferBytesMax else {
        state.dropped += 1
        return false
      }
      state.pending.append(line)
      defer { state.isIdle = false }
      return state.isIdle
    }
    if mustWake { wakeUp.post() }
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
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<StandardOutput>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
    guard code == 0 else {
      Unmanaged.passUnretained(self).release()
      throw SystemError(call: "pthread_create", code: code)
    }
    pthread_detach(thread)
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
      case .end: return
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

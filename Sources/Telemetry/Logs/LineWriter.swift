import Bytes
import Glibc

/// The system calls of `StandardOutput`.
struct LineWriter: Sendable {
  let descriptor: Int32

  enum Outcome: Sendable {
    case written
    /// This could not be written (a full disk); what comes later may be.
    case failed
    /// Nothing can be written any more (the other end is closed).
    case broken
  }

  /// How long to wait for room before looking again.
  private static let pollMilliseconds: Int32 = 1_000

  /// Writes everything, waiting for as long as that takes; consumes what was written.
  func write(_ bytes: inout ByteQueue) -> Outcome {
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes.consume(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitForRoom()
      case EPIPE, EBADF, ECONNRESET: return .broken
      default: return .failed
      }
    }
    return .written
  }

  /// Writes a line that fits at once.
  func writeWithoutWaiting(_ bytes: borrowing ByteQueue) -> Bool {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    guard Glibc.poll(&poll, 1, 0) == 1, poll.revents & Int16(POLLOUT) != 0,
      poll.revents & Int16(POLLERR) == 0
    else { return false }
    let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    return count == bytes.count
  }

  private func waitForRoom() {
    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = Glibc.poll(&poll, 1, Self.pollMilliseconds)
  }

  /// Makes writing to a closed pipe an error on this thread, instead of the end of the process.
  static func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  static func lineCount(_ bytes: borrowing ByteQueue) -> Int {
    bytes.withUnsafeBytes { $0.count { $0 == UInt8(ascii: "\n") } }
  }
}

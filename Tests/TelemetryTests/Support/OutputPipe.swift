import Foundation
import Sockets

@testable import Telemetry

/// A pipe whose writing end stands for standard output.
final class OutputPipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemError(call: "pipe", code: errno) }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  /// Everything that was written so far; the pipe has to hold it.
  func written() -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    var poll = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    while Foundation.poll(&poll, 1, 0) == 1, poll.revents & Int16(POLLIN) != 0 {
      let count = read(readEnd, &chunk, chunk.count)
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Writes until there is no room.
  func fill() {
    let flags = fcntl(writeEnd, F_GETFL)
    _ = fcntl(writeEnd, F_SETFL, flags | O_NONBLOCK)
    var chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 4_096)
    while write(writeEnd, &chunk, chunk.count) > 0 {}
    _ = fcntl(writeEnd, F_SETFL, flags)
  }
}

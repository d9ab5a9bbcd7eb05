import Glibc
import RawSockets
@testable import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct PollDescriptorTests {
  /// Two connected sockets of the local kind, non-blocking.
  private static func pair() throws -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    try #require(socketpair(AF_UNIX, type, 0, &ends) == 0)
    return (ends[0], ends[1])
  }

  /// A registration outlives its descriptor when another number refers to the same socket, as a
  /// child process does between fork and exec. Its events must not reach the number's next owner.
  @Test func eventsOfAnEarlierOwnerAreStale() async throws {
    try await onLoop { loop in
      let (kept, far) = try Self.pair()
      let number = try PrivateNumbers.move(dup(kept))
      let first = try PollDescriptor(FileDescriptor(owning: number), loop: loop)
      #expect(first.rawValue == number)
      first.close()
      #expect(!PrivateNumbers.isOpen(number))

      let (next, nextFar) = try Self.pair()
      try #require(dup2(next, number) == number)
      let second = try PollDescriptor(FileDescriptor(owning: number), loop: loop)
      second.markDrained()
      #expect(write(far, "x", 1) == 1)
      #expect(await outcome { () async throws(StreamError) in
        try await second.wait(.reading, deadline: Patience.short)
      } == "timed out")
      #expect(write(nextFar, "x", 1) == 1)
      #expect(await outcome { () async throws(StreamError) in
        try await second.wait(.reading, deadline: Patience.long)
      } == "fine")
      second.close()
      for end in [kept, far, next, nextFar] { Glibc.close(end) }
    }
  }

  @Test func readinessIsAssumedUntilItIsDenied() async throws {
    try await onLoop { loop in
      let (near, far) = try Self.pair()
      let descriptor = try PollDescriptor(FileDescriptor(owning: near), loop: loop)
      #expect(descriptor.isReadable && descriptor.isWritable && !descriptor.isHungUp)
      try await descriptor.wait(.reading, deadline: Patience.short)
      try await descriptor.wait(.writing, deadline: Patience.short)
      descriptor.markDrained()
      descriptor.markFull()
      // The kernel's first report: it can be written, and there is nothing to read.
      try await descriptor.wait(.writing, deadline: Patience.long)
      #expect(!descriptor.isReadable)
      Glibc.close(far)
      try await descriptor.wait(.reading, deadline: Patience.long)
      #expect(descriptor.isHungUp && descriptor.isReadable)
      // Hung up: a short read may hide the end, but a denial is a denial.
      descriptor.markShortRead()
      #expect(descriptor.isReadable)
      descriptor.markDrained()
      #expect(!descriptor.isReadable)
      descriptor.close()
      #expect(descriptor.isClosed && descriptor.rawValue == nil)
    }
  }

  @Test func bothDirectionsWaitAndEndEachForItself() async throws {
    try await onLoop { loop in
      let (near, far) = try Self.pair()
      // Really full: a report of something to read would say too that it can be written.
      let piece = [UInt8](repeating: 0, count: 4_096)
      while write(near, piece, piece.count) > 0 {}
      let descriptor = Confined(try PollDescriptor(FileDescriptor(owning: near), loop: loop))
      descriptor.value.markDrained()
      descriptor.value.markFull()
      func wait(_ direction: PollDescriptor.Direction, _ deadline: MonotonicInstant) -> Task<String, Never> {
        Task(executorPreference: loop) {
          await outcome { () async throws(StreamError) in
            try await descriptor.value.wait(direction, deadline: deadline)
          }
        }
      }
      // Two deadlines, one after the other, whichever direction has the earlier.
      for isReadingFirst in [true, false] {
        let (soon, later) = (Patience.short, Patience.short + .milliseconds(20))
        let both = [
          wait(.reading, isReadingFirst ? soon : later), wait(.writing, isReadingFirst ? later : soon),
        ]
        for task in both { #expect(await task.value == "timed out") }
      }
      let reading = wait(.reading, Patience.long)
      #expect(await wait(.writing, Patience.short).value == "timed out")
      let writing = wait(.writing, Patience.long)
      #expect(write(far, "x", 1) == 1)
      #expect(await reading.value == "fine")
      writing.cancel()
      #expect(await writing.value == "cancelled")
      descriptor.value.markDrained()
      let both = [wait(.reading, .distantFuture), wait(.writing, .distantFuture)]
      await Task.yield()
      descriptor.value.close()
      for task in both { #expect(await task.value == "closed") }
      #expect(await wait(.reading, Patience.long).value == "closed")
      Glibc.close(far)
    }
  }

  @Test(arguments: [PollDescriptor.Direction.reading, .writing])
  func oneTaskWaitsInEachDirection(_ direction: PollDescriptor.Direction) async {
    // The direction cannot be carried into the other process.
    if direction == .reading {
      await #expect(processExitsWith: .failure) { try await Self.waitTwice(.reading) }
    } else {
      await #expect(processExitsWith: .failure) { try await Self.waitTwice(.writing) }
    }
  }

  private static func waitTwice(_ direction: PollDescriptor.Direction) async throws {
    try await onLoop { loop in
      let (near, _) = try pair()
      let descriptor = Confined(try PollDescriptor(FileDescriptor(owning: near), loop: loop))
      // Behind the kernel's first report.
      descriptor.value.markFull()
      try await descriptor.value.wait(.writing, deadline: Patience.long)
      descriptor.value.markDrained()
      descriptor.value.markFull()
      async let first: Void = descriptor.value.wait(direction, deadline: .distantFuture)
      async let second: Void = descriptor.value.wait(direction, deadline: .distantFuture)
      _ = try await (first, second)
    }
  }
}

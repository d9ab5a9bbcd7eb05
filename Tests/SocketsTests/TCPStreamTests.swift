import Bytes
import Glibc
import RawSockets
@testable import Sockets
import Testing

@Suite(.timeLimit(.minutes(1))) struct TCPStreamTests {
  private static func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
  }

  // MARK: Connecting

  @Test(arguments: ["127.0.0.1", "::1"])
  func connecting(_ host: String) async throws {
    try await onLoop { loop in
      let listener = try RawListener(host: host)
      let address = try #require(SocketAddress(numeric: host, port: listener.port))
      let stream = try await TCPStream.connect(to: address, on: loop, deadline: Patience.long)
      let peer = try listener.accept()
      #expect(stream.peerAddress == address && stream.localAddress?.host == host)
      try await stream.write([1, 2, 3])
      #expect(try peer.receive() == [1, 2, 3])
      try peer.send([4])
      #expect(try await stream.read(1) == [4])
      stream.close()
      #expect(try peer.receiveToEnd() == [])
    }
  }

  @Test(arguments: ["127.0.0.1", "::1"])
  func aRefusalIsNamed(_ host: String) async throws {
    // Bound, so that nobody else listens there either.
    let holder = try RawListener(host: host, backlog: nil)
    let free = holder.port
    try await onLoop { loop in
      let address = try #require(SocketAddress(numeric: host, port: free))
      #expect(await outcome { () async throws(StreamError) in
        _ = try await TCPStream.connect(to: address, on: loop, deadline: Patience.long)
      } == "connect: Connection refused")
      #expect(Descriptors.count(peerPort: free) == 0)
    }
  }

  /// A listener whose queue is full answers nobody.
  private static func silentListener() throws -> (RawListener, RawSocket) {
    let listener = try RawListener(backlog: 0)
    return (listener, try RawSocket(port: listener.port))
  }

  @Test func connectingEndsByItsDeadlineAndByCancellation() async throws {
    let (listener, first) = try Self.silentListener()
    try await onLoop { loop in
      let address = try #require(SocketAddress(numeric: "127.0.0.1", port: listener.port))
      @Sendable func connect(_ deadline: MonotonicInstant) async -> String {
        await outcome { () async throws(StreamError) in
          _ = try await TCPStream.connect(to: address, on: loop, deadline: deadline)
        }
      }
      #expect(await connect(Patience.short) == "timed out")
      let task = Task(executorPreference: loop) { await connect(.distantFuture) }
      await Task.yield()
      task.cancel()
      #expect(await task.value == "cancelled")
      // Only the first one's end, which the listener's side has not seen, is left.
      #expect(Descriptors.count(peerPort: listener.port) == 1)
    }
    _ = first
  }

  // MARK: Reading

  @Test func whatArrivesIsRead() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      var queue = ByteQueue()
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .wouldBlock)
      try connection.peer.send(Self.bytes(25))
      try await connection.stream.waitUntilReadable(deadline: Patience.long)
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .received(10))
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .received(10))
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .received(5))
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .wouldBlock)
      #expect(queue.array() == Self.bytes(25))
    }
  }

  @Test func aReadThatNobodyAnswersEndsByItsDeadline() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      var queue = ByteQueue()
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .wouldBlock)
      #expect(await outcome { () async throws(StreamError) in
        try await connection.stream.waitUntilReadable(deadline: Patience.short)
      } == "timed out")
      // It can be used again.
      try connection.peer.send([1])
      #expect(try await connection.stream.read(1) == [1])
    }
  }

  @Test(arguments: ["cancelled", "closed", "fine"])
  func aReadEndsOtherwise(_ expected: String) async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      var queue = ByteQueue()
      #expect(try stream.value.receive(into: &queue, atMost: 10) == .wouldBlock)
      let waiting = Task(executorPreference: loop) {
        await outcome { () async throws(StreamError) in
          try await stream.value.waitUntilReadable(deadline: .distantFuture)
        }
      }
      await Task.yield()
      switch expected {
      case "cancelled": waiting.cancel()
      case "closed": stream.value.close()
      default: stream.value.interruptRead()
      }
      #expect(await waiting.value == expected)
    }
  }

  @Test func aTaskThatIsCancelledDoesNotBeginToWait() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      var queue = ByteQueue()
      #expect(try stream.value.receive(into: &queue, atMost: 10) == .wouldBlock)
      let waiting = Task(executorPreference: loop) {
        while !Task.isCancelled { await Task.yield() }
        return await outcome { () async throws(StreamError) in
          try await stream.value.waitUntilReadable(deadline: .distantFuture)
        }
      }
      waiting.cancel()
      #expect(await waiting.value == "cancelled")
    }
  }

  @Test func aWaitThatNobodyCancelsEndsAllTheSame() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      @Sendable func wait(_ deadline: MonotonicInstant) async -> String {
        await outcome { () async throws(StreamError) in
          let wake = await withUnsafeContinuation {
            stream.value.resume($0, whenReadableBy: deadline)
          }
          try wake.check()
        }
      }
      func begin() async -> Task<String, Never> {
        let task = Task(executorPreference: loop) { await wait(.distantFuture) }
        await Task.yield()
        return task
      }
      #expect(await wait(Patience.short) == "fine", "nothing is known against it yet")
      var queue = ByteQueue()
      #expect(try stream.value.receive(into: &queue, atMost: 10) == .wouldBlock)
      #expect(await wait(Patience.short) == "timed out")
      let data = await begin()
      // It does not notice that it is cancelled.
      data.cancel()
      await loop.run {}
      try connection.peer.send([1])
      #expect(await data.value == "fine")
      #expect(try await stream.value.read(1) == [1])
      #expect(try stream.value.receive(into: &queue, atMost: 10) == .wouldBlock)
      let interrupted = await begin()
      stream.value.interruptRead()
      #expect(await interrupted.value == "fine")
      let closed = await begin()
      stream.value.close()
      #expect(await closed.value == "closed")
      #expect(await wait(Patience.long) == "closed")
    }
  }

  /// A cancellation that is on its way when its wait ends must not hit the next task's wait.
  @Test func aLateCancellationIsIgnored() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      var queue = ByteQueue()
      #expect(try stream.value.receive(into: &queue, atMost: 10) == .wouldBlock)
      func wait() -> Task<String, Never> {
        Task(executorPreference: loop) {
          await outcome { () async throws(StreamError) in
            try await stream.value.waitUntilReadable(deadline: Patience.long)
          }
        }
      }
      let first = wait()
      await Task.yield()
      // In one turn: the first is woken, then cancelled, and the second begins before the loop
      // takes the cancellation from its inbox.
      stream.value.interruptRead()
      first.cancel()
      let second = wait()
      #expect(await first.value == "fine")
      await loop.run {}
      try connection.peer.send([1])
      #expect(await second.value == "fine")
    }
  }

  /// One queue entry serves all waits of a stream: neither an earlier instant that has lost its
  /// meaning nor a later one gets in the way.
  @Test func deadlinesMoveBothWays() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = Confined(connection.stream)
      func wait(_ deadline: MonotonicInstant, wakeAt instant: MonotonicInstant?) async -> String {
        var queue = ByteQueue()
        while case .received? = try? stream.value.receive(into: &queue, atMost: 10) {}
        let task = Task(executorPreference: loop) {
          await outcome { () async throws(StreamError) in
            try await stream.value.waitUntilReadable(deadline: deadline)
          }
        }
        if let instant {
          try? await loop.sleep(until: instant)
          try? connection.peer.send([1])
        }
        return await task.value
      }
      let soon = Patience.short
      #expect(await wait(soon, wakeAt: .now()) == "fine")
      #expect(await wait(Patience.long, wakeAt: soon + .milliseconds(20)) == "fine")
      #expect(await wait(Patience.short, wakeAt: nil) == "timed out")
      #expect(await wait(.distantFuture, wakeAt: .now()) == "fine")
      // The entry comes up for an instant that is over, and is moved to the one that counts.
      let next = Patience.short
      #expect(await wait(next, wakeAt: .now()) == "fine")
      #expect(await wait(next + .milliseconds(20), wakeAt: nil) == "timed out")
      #expect(await wait(Patience.short, wakeAt: nil) == "timed out")
    }
  }
}

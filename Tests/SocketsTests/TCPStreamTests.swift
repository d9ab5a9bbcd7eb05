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
    // Bound, so that nobody else listens there either, and not listening.
    let free = try RawListener(host: host).port
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
      #expect(await wait(Patience.short, wakeAt: nil) == "timed out")
    }
  }

  // MARK: Ends

  @Test func halvesEndOneAfterTheOther() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = connection.stream
      try connection.peer.send([1, 2, 3])
      connection.peer.endWriting()
      #expect(try await stream.read() == [1, 2, 3])
      var queue = ByteQueue()
      for _ in 0..<2 {
        #expect(try stream.receive(into: &queue, atMost: 10) == .endOfStream)
        try await stream.waitUntilReadable(deadline: Patience.short)
      }
      try await stream.write([4, 5])
      stream.closeWrite()
      #expect(try connection.peer.receiveToEnd() == [4, 5])
      #expect(await outcome { () async throws(StreamError) in
        var more = ByteQueue()
        more.append(6)
        _ = try stream.send(&more)
      } == "send: Broken pipe")
      stream.closeWrite()
    }
  }

  /// The end arrives together with the last bytes: there is one edge for both.
  @Test func theEndBehindAShortReadIsSeen() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      var queue = ByteQueue()
      #expect(try connection.stream.receive(into: &queue, atMost: 10) == .wouldBlock)
      try connection.peer.send([1])
      connection.peer.endWriting()
      #expect(try await connection.stream.read() == [1])
    }
  }

  @Test func aResetIsAnError() async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      defer { listener.close() }
      func reset() throws {
        let peer = try RawSocket(port: listener.address.port)
        peer.resetOnClose()
      }
      try reset()
      let stream = try await Connection.accept(listener, loop)
      do {
        _ = try await stream.read()
        Issue.record("the peer broke the connection")
      } catch StreamError.system(let error) {
        #expect(error.isDisconnect && error.code == ECONNRESET)
      }
      do {
        try await stream.write([UInt8](repeating: 0, count: 100))
        Issue.record("the connection is broken")
      } catch StreamError.system(let error) {
        #expect(error.isDisconnect)
      }
    }
  }

  @Test func ourResetIsOne() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      try await connection.stream.write([1])
      #expect(try connection.peer.receive() == [1])
      connection.stream.reset()
      connection.stream.reset()
      do {
        _ = try connection.peer.receiveToEnd()
        Issue.record("that was no proper end")
      } catch let failure as RawSocket.Failure {
        #expect(failure.isReset)
      }
    }
  }

  @Test func aClosedStreamSaysSo() async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let stream = connection.stream
      stream.close()
      stream.close()
      stream.closeWrite()
      #expect(stream.localAddress == nil && !stream.isIdleAndOpen && stream.peerAddress != nil)
      for attempt in 0..<4 {
        #expect(await outcome { () async throws(StreamError) in
          var queue = ByteQueue()
          queue.append(1)
          switch attempt {
          case 0: _ = try stream.receive(into: &queue, atMost: 1)
          case 1: _ = try stream.send(&queue)
          case 2: try await stream.waitUntilReadable(deadline: Patience.long)
          default: try await stream.waitUntilWritable(deadline: Patience.long)
          }
        } == "closed")
      }
      #expect(try connection.peer.receiveToEnd() == [])
    }
  }

  @Test func anIdleConnectionIsUsableUntilSomethingArrives() async throws {
    try await onLoop { loop in
      let first = try await Connection.accepted(on: loop)
      #expect(first.stream.isIdleAndOpen && first.stream.isIdleAndOpen)
      try first.peer.send([1])
      #expect(first.peer.isReadable(withinMilliseconds: 0) == false)
      while first.stream.isIdleAndOpen { await Task.yield() }
      // Looking takes nothing away.
      #expect(try await first.stream.read(1) == [1])
      #expect(first.stream.isIdleAndOpen)
      first.peer.endWriting()
      while first.stream.isIdleAndOpen { await Task.yield() }
      #expect(try await first.stream.read() == [])
    }
  }
}

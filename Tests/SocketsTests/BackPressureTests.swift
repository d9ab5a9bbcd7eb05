import Bytes
import Glibc
import RawSockets
@testable import Sockets
import Testing

/// Peers that are slow, and many of them.
@Suite(.timeLimit(.minutes(1))) struct BackPressureTests {
  private static func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 131 &+ $0 >> 7) }
  }

  @Test func aSlowReaderGetsEverything() async throws {
    let bytes = Self.pattern(3_000_000)
    let received = try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop, receiveBufferBytes: 4_096)
      var queue = ByteQueue()
      queue.append(bytes)
      // More than the kernel holds: some of it must wait.
      #expect(try !connection.stream.send(&queue))
      let left = queue.count
      #expect(left > 0 && left < bytes.count)
      #expect(try !connection.stream.send(&queue))
      let peer = connection.peer
      async let reading = onThread {
        var received: [UInt8] = []
        while received.count < bytes.count { received += try peer.receive(atMost: 5_000) }
        return received
      }
      try await connection.stream.sendAll(&queue, deadline: Patience.long)
      let isEmpty = queue.isEmpty
      #expect(isEmpty)
      return try await reading
    }
    #expect(received == bytes)
  }

  /// A peer that has ended its own half may still be slow to read. Waiting for it is waiting: the
  /// deadline holds, and the loop goes on.
  @Test(arguments: [false, true])
  func aWriteThatNobodyReadsEndsByItsDeadline(hasEndedItsHalf: Bool) async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop, receiveBufferBytes: 4_096)
      let stream = Confined(connection.stream)
      if hasEndedItsHalf {
        connection.peer.endWriting()
        #expect(try await stream.value.read() == [])
        // The loop has been told by now, too.
        for _ in 0..<2 { await Task.yield() }
      }
      let taken = try stream.value.fill()
      #expect(taken > 0)
      var turns = 0
      let writing = Task(executorPreference: loop) {
        await outcome { () async throws(StreamError) in
          var queue = ByteQueue()
          queue.append([UInt8](repeating: 1, count: 10_000_000))
          try await stream.value.sendAll(&queue, deadline: Patience.short)
        }
      }
      await Task.yield()
      turns += 1
      #expect(await writing.value == "timed out")
      #expect(turns == 1)
    }
  }

  @Test(arguments: ["cancelled", "closed"])
  func aWriteEndsOtherwise(_ expected: String) async throws {
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop, receiveBufferBytes: 4_096)
      let stream = Confined(connection.stream)
      _ = try stream.value.fill()
      let writing = Task(executorPreference: loop) {
        await outcome { () async throws(StreamError) in
          try await stream.value.waitUntilWritable(deadline: .distantFuture)
        }
      }
      await Task.yield()
      if expected == "cancelled" { writing.cancel() } else { stream.value.close() }
      #expect(await writing.value == expected)
    }
  }

  @Test func aWriterLearnsThatItsReaderHasGone() async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      defer { listener.close() }
      let peer = Vanishing(try RawSocket(port: listener.address.port, receiveBufferBytes: 4_096))
      let stream = Confined(try await Connection.accept(listener, loop))
      _ = try stream.value.fill()
      let writing = Task(executorPreference: loop) {
        try await stream.value.write([UInt8](repeating: 1, count: 10_000_000))
      }
      await Task.yield()
      peer.vanish()
      do {
        try await writing.value
        Issue.record("nobody reads")
      } catch StreamError.system(let error) {
        #expect(error.isDisconnect)
      }
    }
  }

  /// Both directions at once, each by a task of its own, with pieces of all sizes.
  @Test func bytesPassBothWaysAtOnce() async throws {
    let bytes = Self.pattern(2_000_000)
    try await onLoop { loop in
      let connection = try await Connection.accepted(on: loop)
      let (stream, peer) = (Confined(connection.stream), connection.peer)
      async let echoed = onThread {
        var sizes = 1
        var all: [UInt8] = []
        while all.count < bytes.count {
          let piece = try peer.receive(atMost: sizes + 1)
          all += piece
          try peer.send(piece)
          sizes = (sizes * 7 + 3) % 70_000
        }
        return all
      }
      let reading = Task(executorPreference: loop) { try await stream.value.read(bytes.count) }
      try await stream.value.write(bytes)
      #expect(try await reading.value == bytes)
      #expect(try await echoed == bytes)
    }
  }

  // MARK: Many

  @Test func nothingIsLeftOfThousandsOfConnections() async throws {
    try await onLoop { loop in
      let listener = try Connection.listen(on: loop)
      let port = listener.address.port
      for round in 0..<40 {
        var open: [TCPStream] = []
        for index in 0..<50 {
          let near = try await TCPStream.connect(
            to: listener.address, on: loop, deadline: Patience.long)
          let far = try await Connection.accept(listener, loop)
          // Ended in every way there is.
          switch (round + index) % 5 {
          case 0: near.close()
          case 1: far.reset()
          case 2: near.closeWrite()
          case 3:
            var queue = ByteQueue()
            #expect(try far.receive(into: &queue, atMost: 1) == .wouldBlock)
            #expect(await outcome { () async throws(StreamError) in
              try await far.waitUntilReadable(deadline: .now())
            } == "timed out")
          default: break
          }
          open += [near, far]
        }
        _ = open.count
      }
      #expect(Descriptors.settle(0) { Descriptors.count(peerPort: port) } == 0)
      #expect(Descriptors.count(localPort: port) == 1)
      listener.close()
      #expect(Descriptors.count(localPort: port) == 0)
    }
  }

  @Test func aStreamThatAnotherThreadLetsGoIsClosed() async throws {
    let loop = try EventLoop(name: "test")
    defer { loop.stop() }
    func make() async throws -> (Confined<TCPStream>, RawSocket) {
      try await loop.run {
        let connection = try await Connection.accepted(on: loop)
        return (Confined(connection.stream), connection.peer)
      }
    }
    let (stream, peer) = try await make()
    _ = consume stream
    #expect(try await onThread { try peer.receiveToEnd() } == [])
  }

  /// Its socket is closed when it is told to.
  private final class Vanishing {
    private var socket: RawSocket?
    init(_ socket: RawSocket) { self.socket = socket }
    func vanish() { socket = nil }
  }
}

import Bytes
import Glibc
import RawSockets
@testable import Sockets
import Testing

/// How connections end, properly and otherwise.
@Suite(.timeLimit(.minutes(1))) struct StreamEndTests {
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

import Bytes
import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// One connection among others: a peer that is always ready, and what a connection keeps.
@Suite(.timeLimit(.minutes(1))) struct FairnessTests {
  /// A peer for which nothing ever has to be waited: it sends without end and takes everything.
  private final class ReadyStream: ByteStream {
    var isBroken: Bool { false }
    private let first: [UInt8]
    private let then: [UInt8]
    private var left: Int
    private(set) var receiveCount = 0
    private(set) var sentBytes = 0
    /// Called when somebody comes to wait.
    var onWait: () -> Void = {}

    /// - Parameter count: How often there is something; then the end.
    init(_ first: String, then: String, count: Int) {
      self.first = Array(first.utf8)
      self.then = Array(then.utf8)
      left = count
    }

    func receive(
      into queue: inout ByteQueue, atMost byteCountMax: Int
    ) throws(StreamError) -> ReceiveOutcome {
      guard left > 0 else { return .endOfStream }
      left -= 1
      receiveCount += 1
      let bytes = receiveCount == 1 ? first : then
      guard !bytes.isEmpty else { return .wouldBlock }
      queue.append(bytes)
      return .received(bytes.count)
    }

    func send(_ queue: inout ByteQueue) throws(StreamError) -> Bool {
      sentBytes += queue.count
      queue.removeAll()
      return true
    }

    func waitUntilReadable(deadline: MonotonicInstant) async throws(StreamError) { onWait() }

    func resume(
      _ reader: UnsafeContinuation<StreamWake, Never>, whenReadableBy: MonotonicInstant
    ) {
      onWait()
      reader.resume(returning: .timedOut)
    }

    func waitUntilWritable(deadline: MonotonicInstant) async throws(StreamError) {}
    func interruptRead() {}
    func closeWrite() {}
    func close() {}
    func reset() {}
  }

  private static func part(
    on loop: EventLoop, _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }
  ) -> ServerLoop {
    var configuration = HTTPServerConfiguration()
    configuration.limits.bodyBytesMax = .max
    configure(&configuration)
    var router = Router()
    router.add("/", "hello")
    router.add(.post, "/") { request in
      while try await request.body.next() != nil {}
      return .text("read")
    }
    router.add(.get, "/stream") { _ in
      ServerResponse(body: .stream(StreamedBody { writer in
        for _ in 0..<1_000 { try await writer.write([UInt8](repeating: 7, count: 70_000)) }
      }))
    }
    router.add(.get, "/large") { _ in
      ServerResponse(body: .bytes([UInt8](repeating: 7, count: 1_000_000)))
    }
    return ServerLoop(
      eventLoop: loop, configuration: configuration, router: router,
      unrouted: { _ in .notFound }, onPeerFault: nil, budget: Budget(limit: 10),
      waitingBytes: Budget(limit: 1_000_000))
  }

  private static func onLoop<R: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> R
  ) async throws -> R {
    let loop = try EventLoop(name: "server")
    defer { loop.stop() }
    return try await loop.run { try await body(loop) }
  }

  struct Busy: Sendable {
    let first: String
    let then: String
  }

  /// Others get their turns while a connection is never short of work.
  @Test(arguments: [
    // Requests without end.
    Busy(
      first: "GET / HTTP/1.1\r\nhost: h\r\n\r\n", then: "GET / HTTP/1.1\r\nhost: h\r\n\r\n"),
    // A head, an unread rest, or a long end, that comes in small pieces.
    Busy(first: "GET / HTTP/1.1\r\nhost: h\r\na: ", then: "x"),
    Busy(first: "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 99999\r\n\r\n", then: "x"),
    Busy(first: "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", then: "x"),
    // An answer without end.
    Busy(first: "GET /stream HTTP/1.1\r\nhost: h\r\n\r\n", then: "\r\n"),
  ])
  func othersGetTheirTurns(_ row: Busy) async throws {
    let turns = try await Self.onLoop { loop in
      let stream = ReadyStream(row.first, then: row.then, count: 1_000)
      let connection = Confined(
        ServerConnection(stream: stream, peerAddress: nil, loop: Self.part(on: loop)))
      let isDone = Locked(false)
      let other = Task(executorPreference: loop) {
        var turns = 0
        while !isDone.value {
          turns += 1
          await Task.yield()
        }
        return turns
      }
      await Task.yield()
      await connection.value.run()
      isDone.update { $0 = true }
      return await other.value
    }
    #expect(turns >= 100)
  }

  /// Reading on at the end is bounded by time, too, however much is allowed.
  @Test func theEndOfAConnectionIsBoundedByTime() async throws {
    try await Self.onLoop { loop in
      let stream = ReadyStream(
        "GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n", then: "x", count: .max)
      let part = Self.part(on: loop) { $0.lingerTimeout = .milliseconds(20) }
      await ServerConnection(stream: stream, peerAddress: nil, loop: part).run()
      #expect(stream.receiveCount > 1)
    }
  }

  /// What one large message took is given back when the connection is idle.
  @Test func anIdleConnectionIsSmall() async throws {
    try await Self.onLoop { loop in
      let cookie = String(repeating: "x", count: 30_000)
      let stream = ReadyStream(
        "GET /large HTTP/1.1\r\nhost: h\r\ncookie: \(cookie)\r\n\r\n", then: "", count: 2)
      let connection = ServerConnection(
        stream: stream, peerAddress: nil, loop: Self.part(on: loop))
      connection.input.reserve(200_000)
      var capacities: [Int] = []
      stream.onWait = { [unowned connection] in
        capacities = [connection.input.capacity, connection.output.capacity]
      }
      await connection.run()
      #expect(stream.sentBytes > 1_000_000)
      #expect(capacities == [1_024, 512])
    }
  }
}

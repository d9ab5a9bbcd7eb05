import Bytes
import Glibc
import RawSockets
@testable import Sockets
import Synchronization
import Testing

/// Runs `body` on a loop of its own.
func onLoop<R: Sendable>(
  _ body: @escaping @Sendable (EventLoop) async throws -> R
) async throws -> R {
  let loop = try EventLoop(name: "test")
  defer { loop.stop() }
  return try await loop.run { try await body(loop) }
}

/// What one loop's tasks share.
struct Confined<Value>: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: made and used by tasks of one loop only.
  let value: Value

  init(_ value: Value) { self.value = value }
}

enum Patience {
  /// Ends a test that would hang.
  static var long: MonotonicInstant { .now() + .seconds(30) }
  /// For what is not to happen, or only by its deadline.
  static var short: MonotonicInstant { .now() + .milliseconds(30) }
}

/// Our end of a connection, and the other.
struct Connection {
  let stream: TCPStream
  let peer: RawSocket

  /// On the thread of `loop`. The kernel completes a connection before it is accepted, so that
  /// connecting does not block.
  static func accepted(
    on loop: EventLoop, host: String = "127.0.0.1", receiveBufferBytes: Int32? = nil
  ) async throws -> Connection {
    let listener = try listen(on: loop, host: host)
    defer { listener.close() }
    let peer = try RawSocket(
      port: listener.address.port, host: host, receiveBufferBytes: receiveBufferBytes)
    return Connection(stream: try await accept(listener, loop), peer: peer)
  }

  static func listen(on loop: EventLoop, host: String = "127.0.0.1") throws -> TCPListener {
    let address = try #require(SocketAddress(numeric: host, port: 0))
    return try TCPListener(try BoundSocket(address, isShared: false), loop: loop)
  }

  static func accept(_ listener: TCPListener, _ loop: EventLoop) async throws -> TCPStream {
    while true {
      if let accepted = try listener.accept() { return try TCPStream(accepted, loop: loop) }
      try await listener.waitForConnection(deadline: Patience.long)
    }
  }
}

extension TCPStream {
  /// Reads, waiting, until `count` bytes or the end are there.
  func read(_ count: Int = .max) async throws -> [UInt8] {
    var queue = ByteQueue()
    while queue.count < count {
      switch try receive(into: &queue, atMost: min(count - queue.count, 16_384)) {
      case .received: break
      case .wouldBlock: try await waitUntilReadable(deadline: Patience.long)
      case .endOfStream: return queue.array()
      }
    }
    return queue.array()
  }

  func write(_ bytes: [UInt8]) async throws {
    var queue = ByteQueue()
    queue.append(bytes)
    try await sendAll(&queue, deadline: Patience.long)
  }

  /// Writes until the kernel takes no more.
  /// - Returns: How many bytes it took.
  func fill() throws -> Int {
    var taken = 0
    var queue = ByteQueue()
    repeat {
      queue.append([UInt8](repeating: 7, count: 65_536))
      taken += 65_536
    } while try send(&queue)
    return taken - queue.count
  }
}

/// What `body` throws, which must be a `StreamError`, in its short form.
func outcome(_ body: () async throws(StreamError) -> Void) async -> String {
  do throws(StreamError) {
    try await body()
    return "fine"
  } catch {
    return error.description
  }
}

/// Descriptor numbers that nothing else in this process is given.
enum PrivateNumbers {
  private static let next = Atomic<Int32>(first)

  /// Near the limit: the kernel gives out the lowest number that is free.
  private static let first: Int32 = {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return Int32(clamping: min(limit.rlim_cur, 1 << 20)) - 400
  }()

  /// Moves `descriptor` to such a number.
  static func move(_ descriptor: Int32) throws -> Int32 {
    let base = next.add(4, ordering: .relaxed).oldValue
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, base)
    close(descriptor)
    try #require(moved >= base && moved < base + 4)
    return moved
  }

  static func isOpen(_ descriptor: Int32) -> Bool { fcntl(descriptor, F_GETFD) != -1 }
}

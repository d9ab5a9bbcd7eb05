import Bytes
import Sockets
import TLS
import Testing

/// One connection of ours over a real socket, seen to its end.
struct Exchange: Sendable {
  var info: TLSConnectionInfo?
  var received: [UInt8] = []
  /// Nil when the peer ended properly.
  var error: TLSError?
  /// Any other error, as text.
  var otherError: String?

  var text: String { String(decoding: received, as: UTF8.self) }
}

enum Endpoints {
  /// Ends a test that would hang.
  static var deadline: MonotonicInstant { .now() + .seconds(30) }

  static let localhost = SocketAddress(numeric: "127.0.0.1", port: 0)

  /// Serves one connection: reads a line, answers it with `answer`, ends its half, and reads on to
  /// the end.
  static func serve<R: Sendable>(
    _ context: TLSServerContext, answer: [UInt8] = Array("hello\n".utf8),
    peer: @Sendable (UInt16) async throws -> R
  ) async throws -> (Exchange, R) {
    let loop = try EventLoop(name: "tls-server")
    defer { loop.stop() }
    let listener = try await loop.run { try listen(on: loop) }
    async let exchange = loop.run {
      let stream = try await accept(listener, loop)
      defer { stream.close() }
      return await run(try TLSStream(server: context, over: stream), isServer: true, answer)
    }
    let result = try await peer(listener.address.port)
    return (try await exchange, result)
  }

  /// Connects, sends `request`, and reads to the end.
  static func connect(
    _ context: TLSClientContext, port: UInt16, host: String = "localhost",
    request: [UInt8] = Array("request\n".utf8)
  ) async throws -> Exchange {
    let loop = try EventLoop(name: "tls-client")
    defer { loop.stop() }
    let address = try #require(localhost).with(port: port)
    return try await loop.run {
      let stream = try await TCPStream.connect(to: address, on: loop, deadline: deadline)
      defer { stream.close() }
      let secured = try TLSStream(client: context, host: host, port: port, over: stream)
      return await run(secured, isServer: false, request)
    }
  }

  /// On the thread of `loop`.
  static func listen(on loop: EventLoop) throws -> TCPListener {
    try TCPListener(try BoundSocket(try #require(localhost), isShared: false), loop: loop)
  }

  static func accept(_ listener: TCPListener, _ loop: EventLoop) async throws -> TCPStream {
    while true {
      if let accepted = try listener.accept() { return try TCPStream(accepted, loop: loop) }
      try await listener.waitForConnection(deadline: deadline)
    }
  }

  private static func run(
    _ stream: TLSStream, isServer: Bool, _ bytes: [UInt8]
  ) async -> Exchange {
    var exchange = Exchange()
    var output = ByteQueue()
    output.append(bytes)
    do throws(StreamError) {
      try await stream.handshake(deadline: deadline)
      exchange.info = stream.info
      if isServer { try await read(stream, into: &exchange) { $0.last == UInt8(ascii: "\n") } }
      try await stream.sendAll(&output, deadline: deadline)
      if isServer { stream.closeWrite() }
      try await read(stream, into: &exchange) { _ in false }
      if !isServer { stream.closeWrite() }
    } catch .security(let error as TLSError) {
      exchange.error = error
    } catch {
      exchange.otherError = error.description
    }
    return exchange
  }

  /// Reads to the end, or until `isEnough`.
  private static func read(
    _ stream: TLSStream, into exchange: inout Exchange, until isEnough: ([UInt8]) -> Bool
  ) async throws(StreamError) {
    var queue = ByteQueue()
    defer { exchange.received += queue.array() }
    while !isEnough(queue.array(max(0, queue.count - 1)..<queue.count)) {
      switch try stream.receive(into: &queue, atMost: 16_384) {
      case .received: break
      case .wouldBlock: try await stream.waitUntilReadable(deadline: deadline)
      case .endOfStream: return
      }
    }
  }
}

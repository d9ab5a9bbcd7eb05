import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets

/// A client on a loop of its own.
struct LiveClient: Sendable {
  let client: HTTPClient
  let loop: EventLoop

  /// Runs `body` with a client, and ends its connections and its loop.
  static func run<R>(
    configure: (inout HTTPClientConfiguration) -> Void = { _ in },
    _ body: (LiveClient) async throws -> R
  ) async throws -> R {
    var configuration = HTTPClientConfiguration()
    configure(&configuration)
    let loop = try EventLoop(name: "client")
    let client = LiveClient(
      client: HTTPClient(configuration: configuration, homeLoop: loop), loop: loop)
    let result: Result<R, any Error>
    do {
      result = .success(try await body(client))
    } catch {
      result = .failure(error)
    }
    await client.client.closeIdleConnections()
    loop.stop()
    return try result.get()
  }

  /// Sends a request to a port of this machine.
  func send(
    _ port: UInt16, _ method: HTTPRequest.Method = .get, _ target: String = "/",
    scheme: HTTPURL.Scheme = .http, host: String = "127.0.0.1", fields: [HTTPField] = [],
    body: String = "", isIdempotent: Bool? = nil, redirectsMax: Int = 0,
    deadline: Duration = .seconds(30)
  ) async throws -> ClientResponse {
    var request = ClientRequest(
      method, HTTPURL(scheme: scheme, host: host, port: port, target: target), fields: fields,
      body: Array(body.utf8), isIdempotent: isIdempotent)
    request.redirectsMax = redirectsMax
    return try await client.send(request, deadline: .now() + deadline)
  }

  /// What a request comes to.
  func result(
    _ send: (LiveClient) async throws -> ClientResponse
  ) async throws -> Result<ClientResponse, HTTPClientError> {
    do {
      return .success(try await send(self))
    } catch let error as HTTPClientError {
      return .failure(error)
    }
  }

  /// Why there is no response; nil when there is one.
  func failure(
    _ send: (LiveClient) async throws -> ClientResponse
  ) async throws -> HTTPClientError? {
    guard case .failure(let error) = try await result(send) else { return nil }
    return error
  }
}

extension ClientResponse {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// A server that is a test's own: at a free port of this machine, on a thread that may block.
struct StandIn: Sendable {
  let listener: RawListener

  var port: UInt16 { listener.port }

  init(host: String = "127.0.0.1") throws { listener = try RawListener(host: host) }

  /// Waits for the next connection.
  func accept() throws -> Peer { Peer(try listener.accept()) }

  /// Runs `server` beside `body`, and gives what both return.
  static func run<S: Sendable, R: Sendable>(
    _ server: @escaping @Sendable (StandIn) throws -> S,
    _ body: (UInt16) async throws -> R
  ) async throws -> (server: S, R) {
    let standIn = try StandIn()
    async let served = onThread { try server(standIn) }
    let result = try await body(standIn.port)
    return (try await served, result)
  }
}

/// The server's end of a connection, by its bytes alone.
final class Peer: Sendable {
  struct Ended: Error {}

  let socket: RawSocket
  private let buffer = Locked<[UInt8]>([])

  init(_ socket: RawSocket) { self.socket = socket }

  /// The next request, with as much content as it announces.
  func request() throws -> String {
    var bytes = buffer.value
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.firstRange(of: "\r\n\r\n") {
        let head = text[..<end.upperBound]
        let length = head.firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        let whole = head.utf8.count + length
        if bytes.count >= whole {
          let rest = Array(bytes[whole...])
          buffer.update { $0 = rest }
          return String(decoding: bytes[..<whole], as: UTF8.self)
        }
      }
      let piece = try socket.receive()
      if piece.isEmpty { throw Ended() }
      bytes += piece
    }
  }

  func send(_ text: String) throws { try socket.send(text) }

  /// Answers with 200 and `text`.
  func answer(_ text: String, _ fields: String = "") throws {
    try send("HTTP/1.1 200 OK\r\ncontent-length: \(text.utf8.count)\r\n\(fields)\r\n\(text)")
  }

  /// Whether the client ends the connection without another byte; waits for it.
  func isEnded() -> Bool {
    guard buffer.value.isEmpty else { return false }
    do {
      return try socket.receive().isEmpty
    } catch {
      return (error as? RawSocket.Failure)?.isReset == true
    }
  }
}

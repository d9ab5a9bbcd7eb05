import Foundation
import RawSockets
import Synchronization

@testable import Telemetry

/// An HTTP/1.1 server made of the C library's sockets and threads, with nothing of ours in it: keeps
/// every request and answers as told.
final class Collector: Sendable {
  struct Request: Sendable {
    let line: String
    /// Names in lower case.
    let fields: [String: String]
    let body: [UInt8]
    /// The number of its connection, from 1.
    let connection: Int

    /// The request as the exporters' tests know it.
    func decoded() throws -> OTLPRequest {
      let path = line.split(separator: " ")[1]
      return OTLPRequest(
        endpoint: try OTLPEndpoint(parsing: "http://localhost\(path)"),
        contentType: fields["content-type"] ?? "", contentEncoding: fields["content-encoding"],
        headers: [], body: body, responseBytesMax: 0)
    }
  }

  enum Reply: Sendable {
    /// These bytes.
    case bytes(String)
    case raw([UInt8])
    /// Nothing, for as long as the client waits.
    case silence
    /// The end of the connection, behind these bytes.
    case hangUp(String)

    /// A response without a body.
    static func status(_ status: Int, _ fields: String...) -> Reply {
      let lines = (["HTTP/1.1 \(status) Status", "content-length: 0"] + fields)
      return .bytes(lines.joined(separator: "\r\n") + "\r\n\r\n")
    }

    static func body(_ type: String, _ body: String) -> Reply {
      .bytes(
        "HTTP/1.1 200 OK\r\ncontent-type: \(type)\r\ncontent-length: \(body.utf8.count)\r\n\r\n"
          + body)
    }
  }

  let endpoint: String
  private let listener: RawListener
  private let answer: @Sendable (_ number: Int, _ request: Request) -> Reply
  private let state = Mutex<(requests: [Request], connections: Int)>(([], 0))
  private let isStopped = Atomic(false)

  init(
    host: String = "127.0.0.1",
    answer: @escaping @Sendable (_ number: Int, _ request: Request) -> Reply = { _, _ in
      .status(200)
    }
  ) throws {
    listener = try RawListener(host: host)
    endpoint = "http://\(host.contains(":") ? "[\(host)]" : host):\(listener.port)"
    self.answer = answer
    Thread.detachNewThread { [weak self, listener] in
      while let self, !self.isStopped.load(ordering: .relaxed) {
        guard listener.isWaiting(withinMilliseconds: 20), let socket = try? listener.accept()
        else { continue }
        let number = self.state.withLock { state in
          state.connections += 1
          return state.connections
        }
        Thread.detachNewThread { [weak self] in
          while let self, (try? self.serve(socket, connection: number)) == true {}
        }
      }
    }
  }

  deinit { stop() }

  /// Accepts no more connections.
  func stop() { isStopped.store(true, ordering: .relaxed) }

  var requests: [Request] { state.withLock { $0.requests } }
  var connectionCount: Int { state.withLock { $0.connections } }

  /// - Returns: Whether the connection goes on.
  private func serve(_ socket: RawSocket, connection: Int) throws -> Bool {
    var head: [UInt8] = []
    while !head.ends(with: "\r\n\r\n") {
      let byte = try socket.receive(atMost: 1)
      if byte.isEmpty { return false }
      head += byte
    }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    var fields: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      fields[parts[0].lowercased()] = String(parts[1].dropFirst())
    }
    var body: [UInt8] = []
    let length = Int(fields["content-length"] ?? "0") ?? 0
    while body.count < length {
      let piece = try socket.receive(atMost: length - body.count)
      if piece.isEmpty { return false }
      body += piece
    }
    let request = Request(
      line: String(lines[0]), fields: fields, body: body, connection: connection)
    let number = state.withLock { state in
      state.requests.append(request)
      return state.requests.count
    }
    switch answer(number, request) {
    case .bytes(let bytes): try socket.send(bytes)
    case .raw(let bytes): try socket.send(bytes)
    case .silence: return try !socket.receive(atMost: 1).isEmpty
    case .hangUp(let bytes):
      try socket.send(bytes)
      return false
    }
    return true
  }
}

extension [UInt8] {
  fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}

import RawSockets

/// A client that knows HTTP/1.1 by its bytes alone, with nothing of ours in it.
final class WireClient: Sendable {
  /// A response as it came.
  struct Response: Sendable {
    let line: String
    let fields: [(name: String, value: String)]
    let body: String

    var status: Int { Int(line.split(separator: " ")[1]) ?? 0 }

    subscript(name: String) -> String? {
      let values = fields.filter { $0.name == name }.map(\.value)
      return values.isEmpty ? nil : values.joined(separator: "|")
    }
  }

  struct Unexpected: Error, CustomStringConvertible {
    let description: String
  }

  let socket: RawSocket
  private let buffer = Locked<[UInt8]>([])

  init(_ socket: RawSocket) { self.socket = socket }

  func send(_ text: String) throws { try socket.send(text) }

  /// Sends a request without content.
  func get(_ target: String, _ fields: String = "", method: String = "GET") throws {
    try send("\(method) \(target) HTTP/1.1\r\nhost: h\r\n\(fields)\r\n")
  }

  /// Sends a request with content.
  func post(_ target: String, _ content: String, _ fields: String = "") throws {
    try send(
      """
      POST \(target) HTTP/1.1\r\nhost: h\r\ncontent-length: \(content.utf8.count)\r\n\(fields)\r\n\
      \(content)
      """)
  }

  /// The next response, interim ones included.
  /// - Parameter isToHead: Whether it answers HEAD, so that no content follows.
  func response(isToHead: Bool = false) throws -> Response {
    var lines = try take(until: "\r\n\r\n").split(separator: "\r\n").map(String.init)
    guard !lines.isEmpty else { throw Unexpected(description: "no response") }
    let line = lines.removeFirst()
    let fields = lines.map { line -> (name: String, value: String) in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts.last?.drop { $0 == " " } ?? ""))
    }
    let head = Response(line: line, fields: fields, body: "")
    if isToHead || head.status < 200 || head.status == 204 || head.status == 304 { return head }
    return Response(line: line, fields: fields, body: try body(of: head))
  }

  /// What comes up to the end of the connection.
  func rest() throws -> String {
    let bytes = buffer.update { buffer in
      defer { buffer = [] }
      return buffer
    }
    return String(decoding: bytes + (try socket.receiveToEnd()), as: UTF8.self)
  }

  private func body(of head: Response) throws -> String {
    if head["transfer-encoding"] == "chunked" {
      var text = ""
      while true {
        let size = try take(until: "\r\n").dropLast(1)
        guard let count = Int(size, radix: 16) else {
          throw Unexpected(description: "a chunk of size \(size)")
        }
        let chunk = try take(count + 2)
        guard chunk.suffix(2) == [13, 10] else { throw Unexpected(description: "a chunk's end") }
        if count == 0 { return text }
        text += String(decoding: chunk.dropLast(2), as: UTF8.self)
      }
    }
    guard let length = head["content-length"] else { return try rest() }
    guard let count = Int(length) else { throw Unexpected(description: "length \(length)") }
    return String(decoding: try take(count), as: UTF8.self)
  }

  /// The next bytes up to and with `end`.
  private func take(until end: String) throws -> String {
    let end = Array(end.utf8)
    var searched = 0
    while true {
      let bytes = buffer.value
      if let range = bytes[max(0, searched - end.count)...].firstRange(of: end) {
        return String(decoding: try take(range.upperBound), as: UTF8.self)
      }
      searched = bytes.count
      try fill()
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while buffer.value.count < count { try fill() }
    return buffer.update { buffer in
      defer { buffer.removeFirst(count) }
      return Array(buffer.prefix(count))
    }
  }

  private func fill() throws {
    let bytes = try socket.receive()
    guard !bytes.isEmpty else {
      throw Unexpected(
        description: "the end, behind \(String(decoding: buffer.value, as: UTF8.self))")
    }
    buffer.update { $0 += bytes }
  }
}

import Gzip

/// The content of a request, read from its connection piece by piece: what the handler does not
/// read stays unread, which holds the client back. Used on the connection's task only.
package struct RequestBody {
  private let connection: ServerConnection
  /// Whose content it is: the connection's first request is 1.
  private let request: Int
  /// What the content passes through on its way, when it is compressed.
  private var decompression: BodyDecompression?

  init(connection: ServerConnection, request: Int) {
    self.connection = connection
    self.request = request
  }

  /// The same content, decompressed.
  func decompressed(_ limits: GzipLimits) -> RequestBody {
    var body = self
    body.decompression = BodyDecompression(limits)
    return body
  }

  /// Whether all of it was read from the connection.
  package var isComplete: Bool { connection.isBodyComplete(of: request) }

  /// Whether the request was answered already, because its handler takes too long.
  var isOverdue: Bool { connection.isOverdue }

  /// The next piece; nil after the last one.
  /// - Throws: `HTTPServerError` when the peer breaks the protocol, a limit or a deadline, or goes
  ///   away; the connection answers that by itself, so a handler lets it pass.
  package func next() async throws(HTTPServerError) -> [UInt8]? {
    guard let decompression else { return try await connection.readBody(of: request) }
    while true {
      let piece = try decompression.next()
      if !piece.isEmpty { return piece }
      guard let raw = try await connection.readBody(of: request) else {
        try decompression.finish()
        return nil
      }
      decompression.append(raw)
    }
  }

  /// All of it, which the limit of the server's configuration bounds.
  package func collect() async throws(HTTPServerError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await next() { bytes += piece }
    return bytes
  }
}

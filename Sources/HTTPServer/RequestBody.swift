/// The content of a request, read from its connection piece by piece: what the handler does not
/// read stays unread, which holds the client back. Used on the connection's task only.
package final class RequestBody {
  private unowned let connection: ServerConnection
  /// Whether all of it was read.
  package private(set) var isComplete: Bool

  init(connection: ServerConnection, isComplete: Bool) {
    self.connection = connection
    self.isComplete = isComplete
  }

  /// The next piece; nil after the last one.
  /// - Throws: `HTTPServerError` when the peer breaks the protocol, a limit or a deadline, or goes
  ///   away; the connection answers that by itself, so a handler lets it pass.
  package func next() async throws(HTTPServerError) -> [UInt8]? {
    guard !isComplete else { return nil }
    guard let piece = try await connection.readBody() else {
      isComplete = true
      return nil
    }
    return piece
  }

  /// All of it, which the limit of the server's configuration bounds.
  package func collect() async throws(HTTPServerError) -> [UInt8] {
    var bytes: [UInt8] = []
    while let piece = try await next() { bytes += piece }
    return bytes
  }
}

/// Where a streamed response's content goes. Used on the connection's task only.
package final class BodyWriter {
  private unowned let connection: ServerConnection
  private let isChunked: Bool

  init(connection: ServerConnection, isChunked: Bool) {
    self.connection = connection
    self.isChunked = isChunked
  }

  /// Sends `bytes`, or keeps them until more have come together.
  /// - Throws: `HTTPServerError.disconnected` when the peer has gone or takes nothing for too long.
  package func write(_ bytes: [UInt8]) async throws(HTTPServerError) {
    try await connection.writeBody(bytes, isChunked: isChunked)
  }
}

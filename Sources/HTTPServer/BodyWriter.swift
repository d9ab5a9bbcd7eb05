/// Where a streamed response's content goes. Used on the connection's task only.
package final class BodyWriter {
  private unowned let connection: ServerConnection
  private let isChunked: Bool
  /// What the content passes through on its way, when it is compressed.
  private let compressed: CompressedBody?

  init(connection: ServerConnection, isChunked: Bool, compressed: CompressedBody? = nil) {
    self.connection = connection
    self.isChunked = isChunked
    self.compressed = compressed
  }

  /// Sends `bytes`, or keeps them until more have come together.
  /// - Throws: `HTTPServerError.disconnected` when the peer has gone or takes nothing for too long.
  package func write(_ bytes: [UInt8]) async throws(HTTPServerError) {
    let piece = compressed.map { $0.append(bytes) } ?? bytes
    try await connection.writeBody(piece, isChunked: isChunked)
  }

  /// A writer to the same response that compresses. Ends with `finish`.
  func compressing(into compressed: CompressedBody) -> BodyWriter {
    BodyWriter(connection: connection, isChunked: isChunked, compressed: compressed)
  }

  /// Sends what compression has kept.
  func finish() async throws(HTTPServerError) {
    guard let compressed else { return }
    try await connection.writeBody(compressed.finish(), isChunked: isChunked)
  }
}

import Bytes

/// The gzip member that a streamed response becomes. Used by one task.
final class CompressedBody: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: made by the response's task, which alone produces the content.
  private let pool: GzipEncoderPool
  private let lease: GzipEncoderPool.Lease
  private var output = ByteQueue(capacity: 4096)

  /// Compressed bytes that are sent together, as long as there are more to come.
  private static let pieceBytes = 16 << 10

  /// - Returns: nil when as many encoders as allowed are in use.
  init?(_ pool: GzipEncoderPool) {
    guard let lease = pool.take() else { return nil }
    self.pool = pool
    self.lease = lease
  }

  deinit { pool.giveBack(lease) }

  /// Takes `bytes` in.
  /// - Returns: What is to be sent now; usually nothing.
  func append(_ bytes: [UInt8]) -> [UInt8] {
    lease.encode(bytes, into: &output)
    return output.count >= Self.pieceBytes ? takeOutput() : []
  }

  /// - Returns: The rest of the member.
  func finish() -> [UInt8] {
    lease.finish(into: &output)
    return takeOutput()
  }

  private func takeOutput() -> [UInt8] {
    let bytes = output.array()
    output.removeAll()
    return bytes
  }
}

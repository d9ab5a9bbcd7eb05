package import Bytes

/// gzip (RFC 1952) in one call, for data that is in memory as a whole.
package enum Gzip {
  /// Appends `bytes` as one gzip member to `output`.
  /// - Parameter level: 0 (stored) to 9 (smallest, slowest).
  package static func encode(_ bytes: Span<UInt8>, level: Int = 6, into output: inout ByteQueue) {
    var encoder = GzipEncoder(level: level)
    encoder.encode(bytes, into: &output)
    encoder.finish(into: &output)
  }

  /// Appends what `bytes` decompress to to `output`; nothing when it throws.
  /// - Throws: Any ``GzipError``.
  package static func decode(
    _ bytes: Span<UInt8>, limits: GzipLimits = GzipLimits(), into output: inout ByteQueue
  ) throws(GzipError) {
    var decoder = GzipDecoder(limits: limits)
    let outputCount = output.count
    var offset = 0
    do throws(GzipError) {
      var isOutputFull = true
      while offset < bytes.count || isOutputFull {
        let progress = try decoder.decode(
          bytes.extracting(offset...), into: &output, atMost: stepBytes)
        offset += progress.consumed
        isOutputFull = progress.isOutputFull
      }
      try decoder.finish()
    } catch {
      output.truncate(to: outputCount)
      throw error
    }
  }

  private static let stepBytes = 64 << 10
}

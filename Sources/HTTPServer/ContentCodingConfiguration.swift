package import Gzip

/// When responses are compressed, and how much a compressed request may hold.
package struct ContentCodingConfiguration: Sendable {
  /// Content of fewer bytes is sent as it is: the field alone costs a few dozen.
  package var responseBytesMin = 1_024
  /// 1 (fast) to 9 (small). Above 4 JSON gets hardly smaller, but much slower.
  package var compressionLevel = 4
  /// Encoders in use at once, of about 260 KiB each; further responses are sent as they are.
  package var encodersMax = 64
  /// Encoders that are kept for the next response, of about 260 KiB each.
  package var idleEncodersMax = 8
  /// Of a request's content when it is decompressed; beyond them 413.
  package var requestLimits = GzipLimits(outputBytesMax: 1 << 20)

  package init() {}
}

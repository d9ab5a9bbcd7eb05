/// Why bytes that claim to be gzip were refused. In every case the fault is the sender's.
package enum GzipError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The input does not begin with the gzip magic number (RFC 1952 §2.3.1).
  case notGzip
  /// The input ended inside a member, or was empty.
  case truncated
  /// Something that is not a further member follows a complete one.
  case trailingGarbage
  /// A member's CRC-32 does not fit its data.
  case badChecksum
  /// A member's length field does not fit its data.
  case badLength
  /// A header or a deflate block is malformed; the text is zlib's reason.
  case corrupt(reason: String)
  /// The output exceeds a limit of ``GzipLimits``.
  case tooLarge(TooLarge)

  /// Which limit was exceeded.
  package enum TooLarge: Hashable, Sendable {
    /// ``GzipLimits/outputBytesMax``
    case outputBytes
    /// ``GzipLimits/ratioMax``
    case ratio
  }

  package var description: String {
    switch self {
    case .notGzip: "the data is not in gzip format"
    case .truncated: "the gzip data ends too early"
    case .trailingGarbage: "the gzip data is followed by something else"
    case .badChecksum: "the checksum of the gzip data is wrong"
    case .badLength: "the length field of the gzip data is wrong"
    case .corrupt(let reason): "the gzip data is corrupt: \(reason)"
    case .tooLarge(.outputBytes): "the decompressed data is too large"
    case .tooLarge(.ratio): "the data decompresses to suspiciously many times its size"
    }
  }
}

import COpenSSL

/// SHA-256 (FIPS 180-4), plain and keyed (RFC 2104).
enum SHA256Digest {
  private static let byteCount = Int(SHA256_DIGEST_LENGTH)

  /// The 32 bytes of a digest.
  static func digest(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
      // Writes exactly 32 bytes into memory of that size; it cannot fail.
      _ = SHA256(bytes, bytes.count, digest.baseAddress)
      count = byteCount
    }
  }

  /// The 32 bytes of a message's authentication code.
  static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { code, count in
      var length: UInt32 = 0
      // Writes at most 32 bytes, SHA-256's size, into memory of that size; nil when it failed.
      let written = HMAC(
        EVP_sha256(), key, Int32(clamping: key.count), message, message.count, code.baseAddress,
        &length)
      count = written == nil ? 0 : Int(length)
    }
  }
}

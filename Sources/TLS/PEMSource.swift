import COpenSSL

/// Where PEM text (RFC 7468) comes from.
package enum PEMSource: Hashable, Sendable, CustomStringConvertible {
  /// A path.
  case file(String)
  case bytes([UInt8])

  package var description: String {
    switch self {
    case .file(let path): path
    case .bytes(let bytes): "\(bytes.count) bytes of PEM"
    }
  }

  /// Calls `body` with an OpenSSL reader of the text.
  private func withReader<R>(_ body: (OpaquePointer) throws(TLSError) -> R) throws(TLSError) -> R {
    guard let reader = openReader() else {
      throw .configuration("cannot read \(self): \(ErrorQueue.drainToText())")
    }
    defer { BIO_free(reader) }
    return try body(reader)
  }

  private func openReader() -> OpaquePointer? {
    switch self {
    case .file(let path): return BIO_new_file(path, "r")
    case .bytes(let bytes):
      guard let reader = BIO_new(BIO_s_mem()) else { return nil }
      BIO_write(reader, bytes, Int32(clamping: bytes.count))
      return reader
    }
  }

  /// Calls `body` with each certificate in turn, which is freed behind it.
  /// - Throws: `configuration` when there is none or one is malformed, and what `body` throws.
  func forEachCertificate(
    _ body: (OpaquePointer, _ index: Int) throws(TLSError) -> Void
  ) throws(TLSError) {
    try withReader { (reader) throws(TLSError) in
      var index = 0
      while let certificate = PEM_read_bio_X509_AUX(reader, nil, nil, nil) {
        defer { X509_free(certificate) }
        try body(certificate, index)
        index += 1
      }
      // The reader always ends with an error; "no start line" is how it says "no more".
      let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
      let text = ErrorQueue.drainToText()
      if !isAtEnd { throw .configuration("bad certificate in \(self): \(text)") }
      if index == 0 { throw .configuration("no certificate in \(self)") }
    }
  }

  /// Calls `body` with the private key, which is freed behind it.
  func withPrivateKey(
    _ body: (OpaquePointer) throws(TLSError) -> Void
  ) throws(TLSError) {
    try withReader { (reader) throws(TLSError) in
      // Without a callback OpenSSL would ask for the password of an encrypted key on the terminal.
      let key = PEM_read_bio_PrivateKey(reader, nil, { _, _, _, _ in -1 }, nil)
      guard let key else {
        let text = ErrorQueue.drainToText()
        throw .configuration("no usable private key in \(self): \(text)")
      }
      defer { EVP_PKEY_free(key) }
      try body(key)
    }
  }
}

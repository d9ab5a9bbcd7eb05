import COpenSSL

/// Whose signature makes a peer's certificate good.
package enum TLSTrust: Hashable, Sendable {
  /// The authorities of the system, which OpenSSL finds by its own default paths and by the
  /// environment variables `SSL_CERT_FILE` and `SSL_CERT_DIR`.
  case system
  /// The authorities in PEM form, and no others.
  case authorities(PEMSource)
  /// A directory of authorities, one a file, named by hash as `openssl rehash` does; no others.
  case directory(String)

  /// Makes `context` trust what this names.
  func load(into context: OpaquePointer) throws(TLSError) {
    switch self {
    case .system:
      guard SSL_CTX_set_default_verify_paths(context) == 1 else {
        throw .configuration("no system trust store: \(ErrorQueue.drainToText())")
      }
    case .authorities(let source):
      let store = SSL_CTX_get_cert_store(context)
      try source.forEachCertificate { (certificate, _) throws(TLSError) in
        guard X509_STORE_add_cert(store, certificate) == 1 else {
          throw .configuration("bad authority in \(source): \(ErrorQueue.drainToText())")
        }
      }
    case .directory(let path):
      guard SSL_CTX_load_verify_dir(context, path) == 1 else {
        throw .configuration("cannot use authorities in \(path): \(ErrorQueue.drainToText())")
      }
    }
  }

  /// Names the authorities to clients, so that they can choose a certificate (RFC 8446 §4.2.4).
  /// Only a bundle is named: the others may hold hundreds.
  func announce(in context: OpaquePointer) throws(TLSError) {
    guard case .authorities(let source) = self else { return }
    try source.forEachCertificate { (certificate, _) throws(TLSError) in
      guard SSL_CTX_add_client_CA(context, certificate) == 1 else {
        throw .configuration("bad authority in \(source): \(ErrorQueue.drainToText())")
      }
    }
  }
}

import COpenSSL

/// A fatal alert (RFC 8446 §6.2): how a peer says why it gives up.
package struct TLSAlert: Hashable, Sendable, CustomStringConvertible {
  /// The number on the wire.
  package let code: UInt8

  package init(code: UInt8) { self.code = code }

  /// For example `certificate expired (alert 45)`.
  package var description: String {
    let name = SSL_alert_desc_string_long(Int32(code)).map { String(cString: $0) } ?? "unknown"
    return "\(name) (alert \(code))"
  }
}

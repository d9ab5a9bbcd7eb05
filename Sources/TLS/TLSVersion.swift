import COpenSSL

/// A version of the protocol. Older ones are not spoken (RFC 8996).
package enum TLSVersion: Int, Comparable, Sendable {
  /// TLS 1.2, RFC 5246
  case tls12
  /// TLS 1.3, RFC 8446
  case tls13

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The number on the wire.
  var wireValue: Int32 {
    switch self {
    case .tls12: TLS1_2_VERSION
    case .tls13: TLS1_3_VERSION
    }
  }
}

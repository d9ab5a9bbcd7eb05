/// What both sides of a handshake negotiate. The defaults offer forward secrecy and authenticated
/// encryption only.
package struct TLSProtocolOptions: Hashable, Sendable {
  package var minimumVersion: TLSVersion
  package var maximumVersion: TLSVersion
  /// Cipher suites of TLS 1.3 by their standard names, the preferred one first.
  package var cipherSuites: [String]
  /// Cipher suites of TLS 1.2 by their OpenSSL names, the preferred one first.
  package var cipherSuites12: [String]
  /// Application protocols (ALPN, RFC 7301), each 1 to 255 bytes, the preferred one first. With
  /// none, the extension is not used. A server that has some refuses a client that offers only
  /// others.
  package var applicationProtocols: [String]

  package init(
    minimumVersion: TLSVersion = .tls12,
    maximumVersion: TLSVersion = .tls13,
    cipherSuites: [String] = Self.modernSuites,
    cipherSuites12: [String] = Self.modernSuites12,
    applicationProtocols: [String] = []
  ) {
    self.minimumVersion = minimumVersion
    self.maximumVersion = maximumVersion
    self.cipherSuites = cipherSuites
    self.cipherSuites12 = cipherSuites12
    self.applicationProtocols = applicationProtocols
  }

  package static let modernSuites = [
    "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
  ]

  package static let modernSuites12 = [
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
  ]

  /// The protocols as the extension carries them: each after its length.
  func applicationProtocolBytes() throws(TLSError) -> [UInt8] {
    var bytes: [UInt8] = []
    for name in applicationProtocols {
      guard (1...255).contains(name.utf8.count) else {
        throw .configuration("an application protocol has \(name.utf8.count) bytes, not 1 to 255")
      }
      bytes.append(UInt8(name.utf8.count))
      bytes.append(contentsOf: name.utf8)
    }
    return bytes
  }
}

package import TLS

/// The files that secure connections, as settings.
package struct TLSSettings: Sendable {
  /// How a service's own port is secured.
  package struct Server: Sendable {
    package let configuration: TLSServerConfiguration
    /// The files that a renewal changes.
    package let files: [String]
    /// Whom a wrong file is blamed on.
    package let variable: String
  }

  /// - Returns: nil when neither a certificate nor a key is named: plain HTTP.
  /// - Throws: `SettingError` when one is named without the other.
  package static func server(
    prefix: String, _ settings: Settings
  ) throws(SettingError) -> Server? {
    let certificate = try path(
      "\(prefix)_TLS_CERTIFICATE_FILE", settings,
      "certificate chain (PEM) to serve HTTPS with; unset serves plain HTTP")
    let key = try path("\(prefix)_TLS_PRIVATE_KEY_FILE", settings, "its private key (PEM)")
    let authorities = try path(
      "\(prefix)_TLS_CLIENT_CA_FILE", settings,
      "authorities (PEM) that must have signed a client's certificate; unset asks for none")
    guard let identity = try identity(certificate, key) else {
      guard authorities.path.isEmpty else {
        throw SettingError(certificate.name, "is missing beside \(authorities.name)")
      }
      return nil
    }
    return Server(
      configuration: TLSServerConfiguration(
        identities: [identity],
        clientAuthentication: authorities.path.isEmpty
          ? .none : .required(.authorities(.file(authorities.path))),
        // Old clients offer nothing but the second, and are served as well.
        options: TLSProtocolOptions(applicationProtocols: ["http/1.1", "http/1.0"])),
      files: [certificate, key, authorities].map(\.path).filter { !$0.isEmpty },
      variable: certificate.name)
  }

  /// How calls to another service are secured.
  /// - Returns: nil when nothing is named: the system's authorities, and no certificate.
  /// - Throws: `SettingError` when a file cannot be used.
  package static func client(
    prefix: String, _ settings: Settings
  ) throws(SettingError) -> TLSClientContext? {
    let authorities = try path(
      "\(prefix)_TLS_CA_FILE", settings,
      "authorities (PEM) that must have signed the server's certificate; unset: the system's")
    let certificate = try path(
      "\(prefix)_TLS_CLIENT_CERTIFICATE_FILE", settings,
      "certificate chain (PEM) to show to a server that asks for one")
    let key = try path(
      "\(prefix)_TLS_CLIENT_PRIVATE_KEY_FILE", settings, "its private key (PEM)")
    let identity = try identity(certificate, key)
    guard identity != nil || !authorities.path.isEmpty else { return nil }
    do throws(TLSError) {
      return try TLSClientContext(
        TLSClientConfiguration(
          verification: .full(
            authorities.path.isEmpty ? .system : .authorities(.file(authorities.path))),
          identity: identity,
          options: TLSProtocolOptions(applicationProtocols: ["http/1.1"])))
    } catch {
      throw SettingError(
        authorities.path.isEmpty ? certificate.name : authorities.name, error.description)
    }
  }

  /// A certificate with its key, of which both or none must be named.
  private static func identity(
    _ certificate: (name: String, path: String), _ key: (name: String, path: String)
  ) throws(SettingError) -> TLSIdentity? {
    switch (certificate.path.isEmpty, key.path.isEmpty) {
    case (true, true): return nil
    case (false, false):
      return TLSIdentity(certificateChainFile: certificate.path, privateKeyFile: key.path)
    case (false, true): throw SettingError(key.name, "is missing beside \(certificate.name)")
    case (true, false): throw SettingError(certificate.name, "is missing beside \(key.name)")
    }
  }

  private static func path(
    _ name: String, _ settings: Settings, _ meaning: String
  ) throws(SettingError) -> (name: String, path: String) {
    (name, try settings.value(.string(name, default: "", meaning)))
  }
}

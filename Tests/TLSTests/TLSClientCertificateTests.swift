import TLS
import Testing

@Suite struct TLSClientCertificateTests {
  static let versions = TLSHandshakeTests.versions

  static func pair(
    _ clients: TLSServerConfiguration.ClientAuthentication, _ identity: String?,
    _ version: TLSVersion
  ) throws -> EnginePair {
    try EnginePair(
      client: Certificates.client(
        identity: identity, options: TLSHandshakeTests.only(version), sessionHostsMax: 0),
      server: Certificates.server("server", clients: clients))
  }

  @Test(arguments: versions)
  func serverKnowsWhoTheClientIs(version: TLSVersion) throws {
    let authority = Certificates.authority
    for clients in [
      TLSServerConfiguration.ClientAuthentication.required(authority), .optional(authority),
    ] {
      let pair = try Self.pair(clients, "client", version)
      #expect(pair.handshake())
      #expect(pair.serverInfo?.peerCertificate?.subject == "CN=alice")
      #expect(pair.serverInfo?.peerCertificate?.hosts == [])
    }
  }

  @Test(arguments: versions)
  func aServerThatDoesNotAskLearnsNothing(version: TLSVersion) throws {
    let pair = try Self.pair(.none, "client", version)
    #expect(pair.handshake())
    #expect(pair.serverInfo?.peerCertificate == nil)
  }

  @Test(arguments: versions)
  func aClientWithoutCertificatePassesOnlyWhereItIsOptional(version: TLSVersion) throws {
    let optional = try Self.pair(.optional(Certificates.authority), nil, version)
    #expect(optional.handshake())
    #expect(optional.serverInfo?.peerCertificate == nil)

    let required = try Self.pair(.required(Certificates.authority), nil, version)
    #expect(!required.handshake())
    #expect(required.serverError == .missingClientCertificate)
    // In TLS 1.3 the client is done first, and learns it when it reads.
    let alert = TLSAlert(code: version == .tls13 ? 116 : 40)
    #expect(throws: TLSError.peerAlert(alert)) { _ = try required.client.readAll() }
  }

  static let refusals: [(identity: String, failure: TLSVerificationFailure, alert: UInt8)] = [
    ("client-expired", .expired(subject: "CN=bob", notAfter: "2020-06-30"), 45),
    (
      "client-unknown", .unknownAuthority(subject: "CN=mallory", issuer: "CN=Other Authority"), 48
    ),
    ("self", .selfSigned(subject: "CN=localhost"), 48),
  ]

  @Test(arguments: refusals.indices, versions)
  func aBadCertificateIsRefusedAlsoWhereItIsOptional(row: Int, version: TLSVersion) throws {
    let (identity, failure, alert) = Self.refusals[row]
    let authority = Certificates.authority
    for clients in [
      TLSServerConfiguration.ClientAuthentication.required(authority), .optional(authority),
    ] {
      let pair = try Self.pair(clients, identity, version)
      #expect(!pair.handshake())
      #expect(pair.serverError == .verification(failure))
      #expect(throws: TLSError.peerAlert(TLSAlert(code: alert))) {
        _ = try pair.client.readAll()
      }
    }
  }
}

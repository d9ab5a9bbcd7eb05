import TLS
import Testing

@Suite struct TLSVerificationTests {
  struct Case: Sendable {
    var server: String
    var host = "localhost"
    var failure: TLSVerificationFailure?
    /// What the server gets to know (RFC 8446 §6.2).
    var alert: UInt8 = 0
  }

  static let cases: [Case] = [
    Case(server: "server"),
    Case(server: "server", host: "LocalHost."),
    Case(server: "server", host: "127.0.0.1"),
    Case(server: "server", host: "::1"),
    Case(server: "chain"),
    Case(server: "other", host: "a.wild.test"),
    Case(
      server: "expired",
      failure: .expired(subject: "CN=localhost", notAfter: "2020-06-30"), alert: 45),
    Case(
      server: "future",
      failure: .notYetValid(subject: "CN=localhost", notBefore: "2090-01-01"), alert: 42),
    Case(server: "self", failure: .selfSigned(subject: "CN=localhost"), alert: 48),
    Case(
      server: "unknown",
      failure: .unknownAuthority(subject: "CN=localhost", issuer: "CN=Other Authority"), alert: 48),
    Case(
      server: "end",
      failure: .unknownAuthority(subject: "CN=localhost", issuer: "CN=Test Intermediate"),
      alert: 48),
    Case(server: "client", failure: .wrongPurpose(subject: "CN=alice"), alert: 43),
    wrong("other", "localhost", ["other.test", "*.wild.test"]),
    wrong("other", "wild.test", ["other.test", "*.wild.test"]),
    wrong("other", "a.b.wild.test", ["other.test", "*.wild.test"]),
    wrong("other", "127.0.0.1", ["other.test", "*.wild.test"]),
    wrong("address", "127.0.0.1", ["127.0.0.2"]),
    wrong("server", "127.0.0.2", ["localhost", "127.0.0.1", "::1"]),
    wrong("server", "sub.localhost", ["localhost", "127.0.0.1", "::1"]),
  ]

  static func wrong(_ server: String, _ host: String, _ names: [String]) -> Case {
    Case(
      server: server, host: host,
      failure: .wrongHost(expected: host, certificateNames: names), alert: 42)
  }

  @Test(arguments: cases.indices, TLSHandshakeTests.versions)
  func clientAcceptsOnlyTheRightCertificate(row: Int, version: TLSVersion) throws {
    let row = Self.cases[row]
    let pair = try EnginePair(
      client: Certificates.client(options: TLSHandshakeTests.only(version)),
      server: Certificates.server(row.server), host: row.host)
    let isAccepted = pair.handshake()
    guard let failure = row.failure else {
      #expect(isAccepted, "\(pair.reason)")
      return
    }
    #expect(pair.clientError == .verification(failure))
    #expect(pair.serverError == .peerAlert(TLSAlert(code: row.alert)))
    #expect(!pair.clientIsComplete)
    #expect(throws: TLSError.verification(failure)) { _ = try pair.client.readAll() }
  }

  @Test func theReasonIsOneSentence() {
    let expected = [
      "expired": "TLS: the certificate of CN=localhost expired on 2020-06-30",
      "future": "TLS: the certificate of CN=localhost is not valid before 2090-01-01",
      "self": "TLS: the certificate of CN=localhost is self-signed and not trusted",
      "unknown":
        "TLS: the certificate of CN=localhost is signed by an unknown authority: "
        + "CN=Other Authority",
      "client": "TLS: the certificate of CN=alice is not made for this purpose",
      "address": "TLS: wrong host: expected 127.0.0.1, the certificate is for 127.0.0.2",
    ]
    for row in Self.cases {
      guard let text = expected[row.server], let failure = row.failure else { continue }
      #expect(TLSError.verification(failure).description == text)
      #expect(TLSError.verification(failure).fault == .peer)
    }
  }

  @Test func aCommonNameIsNoHost() throws {
    let pair = try EnginePair(client: Certificates.client(), server: Certificates.server("unnamed"))
    #expect(!pair.handshake())
    #expect(
      pair.clientError
        == .verification(.wrongHost(expected: "localhost", certificateNames: [])))
  }

  @Test func theSystemDoesNotTrustATestAuthority() throws {
    let pair = try EnginePair(
      client: Certificates.client(.full(.system)), server: Certificates.server("server"))
    #expect(!pair.handshake())
    #expect(
      pair.clientError
        == .verification(
          .unknownAuthority(subject: "CN=localhost", issuer: "CN=Test Authority")))
  }

  @Test func trustCanBeADirectoryOrBytes() throws {
    let bundle = try ["other-ca.pem", "ca.pem"].flatMap { try Files.read(Certificates.path($0)) }
    for trust in [
      TLSTrust.directory(Certificates.path("hashed")),
      .authorities(.bytes(bundle)),
    ] {
      let client = try Certificates.client(.full(trust))
      let good = try EnginePair(client: client, server: Certificates.server("chain"))
      #expect(good.handshake())
      let bad = try EnginePair(client: client, server: Certificates.server("self"))
      #expect(!bad.handshake())
    }
  }

  @Test func verificationCanBeReduced() throws {
    let authority = Certificates.authority
    for (server, verification, isAccepted) in [
      ("other", TLSClientConfiguration.Verification.chainOnly(authority), true),
      ("self", .chainOnly(authority), false), ("expired", .chainOnly(authority), false),
      ("other", .none, true), ("self", .none, true), ("expired", .none, true),
    ] {
      let pair = try EnginePair(
        client: Certificates.client(verification), server: Certificates.server(server))
      #expect(pair.handshake() == isAccepted, "\(server)")
    }
  }
}

import TLS
import Testing

@Suite struct TLSResumptionTests {
  static let versions = TLSHandshakeTests.versions

  /// Connects, ends properly or not, and tells whether the session was resumed.
  static func connect(
    _ client: TLSClientContext, _ server: TLSServerContext, host: String = "localhost",
    port: UInt16 = 443, endsProperly: Bool = true
  ) throws -> Bool {
    let pair = try EnginePair(client: client, server: server, host: host, port: port)
    try #require(pair.handshake(), "\(pair.reason)")
    // The tickets of TLS 1.3 come behind the handshake.
    _ = try pair.client.readAll()
    if endsProperly { pair.client.closeWrite() }
    let isResumed = try #require(pair.clientInfo).isResumed
    #expect(pair.serverInfo?.isResumed == isResumed)
    return isResumed
  }

  @Test(arguments: versions, [true, false])
  func theSecondConnectionResumes(version: TLSVersion, endsProperly: Bool) throws {
    let client = try Certificates.client(options: TLSHandshakeTests.only(version))
    let server = try Certificates.server("server")
    #expect(try !Self.connect(client, server, endsProperly: endsProperly))
    for _ in 0..<5 { #expect(try Self.connect(client, server, endsProperly: endsProperly)) }
  }

  @Test(arguments: versions)
  func aResumedSessionKeepsTheCertificates(version: TLSVersion) throws {
    let client = try Certificates.client(
      identity: "client", options: TLSHandshakeTests.only(version))
    let server = try Certificates.server("server", clients: .required(Certificates.authority))
    for isResumed in [false, true] {
      let pair = try EnginePair(client: client, server: server)
      try #require(pair.handshake())
      _ = try pair.client.readAll()
      #expect(pair.serverInfo?.isResumed == isResumed)
      #expect(pair.serverInfo?.peerCertificate?.subject == "CN=alice")
      #expect(pair.clientInfo?.peerCertificate?.subject == "CN=localhost")
    }
  }

  @Test func sessionsBelongToOneHostAndPort() throws {
    let client = try Certificates.client()
    let server = try Certificates.server("server", "other")
    #expect(try !Self.connect(client, server))
    #expect(try !Self.connect(client, server, host: "other.test"))
    #expect(try !Self.connect(client, server, port: 444))
    #expect(try Self.connect(client, server))
    #expect(try Self.connect(client, server, host: "other.test"))
    #expect(try Self.connect(client, server, host: "OTHER.test."))
  }

  @Test func theOldestHostIsForgottenFirst() throws {
    let client = try Certificates.client(sessionHostsMax: 2)
    let server = try Certificates.server("server", "other")
    for host in ["localhost", "other.test", "a.wild.test"] {
      #expect(try !Self.connect(client, server, host: host))
    }
    #expect(try Self.connect(client, server, host: "other.test"))
    #expect(try Self.connect(client, server, host: "a.wild.test"))
    #expect(try !Self.connect(client, server, host: "localhost"))
  }

  @Test(arguments: versions)
  func eitherSideCanTurnItOff(version: TLSVersion) throws {
    let options = TLSHandshakeTests.only(version)
    let without = try Certificates.client(options: options, sessionHostsMax: 0)
    let with = try Certificates.client(options: options)
    let tickets = try Certificates.server("server")
    let noTickets = try Certificates.server("server", tickets: 0)
    for _ in 0..<2 {
      #expect(try !Self.connect(without, tickets))
      #expect(try !Self.connect(with, noTickets))
    }
  }

  @Test(arguments: versions)
  func aTicketOfAnotherServerLeadsToAFullHandshake(version: TLSVersion) throws {
    let client = try Certificates.client(options: TLSHandshakeTests.only(version))
    #expect(try !Self.connect(client, Certificates.server("server")))
    #expect(try !Self.connect(client, Certificates.server("server")))
  }

  @Test func aSessionIsNotKeptFromARefusedServer() throws {
    let client = try Certificates.client()
    for _ in 0..<2 {
      let pair = try EnginePair(client: client, server: Certificates.server("self"))
      #expect(!pair.handshake())
      #expect(pair.clientError == .verification(.selfSigned(subject: "CN=localhost")))
    }
  }
}

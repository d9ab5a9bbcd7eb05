import Bytes
import TLS
import Testing

@Suite struct TLSHandshakeTests {
  static let versions: [TLSVersion] = [.tls12, .tls13]

  static func only(_ version: TLSVersion) -> TLSProtocolOptions {
    TLSProtocolOptions(minimumVersion: version, maximumVersion: version)
  }

  @Test func newestVersionIsTheDefault() throws {
    let pair = try EnginePair(client: Certificates.client(), server: Certificates.server("server"))
    #expect(pair.clientInfo == nil)
    #expect(pair.handshake())
    let info = try #require(pair.clientInfo)
    #expect(info.version == .tls13 && info.cipherSuite == "TLS_AES_128_GCM_SHA256")
    #expect(info.applicationProtocol == nil && !info.isResumed)
    let certificate = try #require(info.peerCertificate)
    #expect(certificate.subject == "CN=localhost" && certificate.notAfter == "2099-12-31")
    #expect(certificate.hosts == ["localhost", "127.0.0.1", "::1"])
    #expect(pair.serverInfo?.serverName == "localhost")
    #expect(pair.serverInfo?.peerCertificate == nil)
  }

  @Test(arguments: versions)
  func eitherSideCanPinTheVersion(version: TLSVersion) throws {
    let pinned = Self.only(version)
    for (client, server) in [(pinned, TLSProtocolOptions()), (TLSProtocolOptions(), pinned)] {
      let pair = try EnginePair(
        client: Certificates.client(options: client),
        server: Certificates.server("server", options: server))
      #expect(pair.handshake())
      #expect(pair.clientInfo?.version == version && pair.serverInfo?.version == version)
    }
  }

  @Test func withoutASharedVersionBothSidesSaySo() throws {
    let pair = try EnginePair(
      client: Certificates.client(options: Self.only(.tls12)),
      server: Certificates.server("server", options: Self.only(.tls13)))
    #expect(!pair.handshake())
    #expect(pair.serverError == .noSharedVersion)
    #expect(pair.clientError == .peerAlert(TLSAlert(code: 70)))
    #expect(pair.clientError?.description == "TLS: the peer refuses: protocol version (alert 70)")
  }

  @Test func withoutASharedCipherBothSidesSaySo() throws {
    var client = Self.only(.tls12)
    client.cipherSuites12 = ["ECDHE-RSA-AES128-GCM-SHA256"]
    let pair = try EnginePair(
      client: Certificates.client(options: client), server: Certificates.server("server"))
    #expect(!pair.handshake())
    #expect(pair.serverError == .noSharedCipher)
    #expect(pair.clientError == .peerAlert(TLSAlert(code: 40)))
  }

  @Test func cipherSuitesAreConfigurable() throws {
    var options = TLSProtocolOptions(cipherSuites: ["TLS_CHACHA20_POLY1305_SHA256"])
    var pair = try EnginePair(
      client: Certificates.client(options: options), server: Certificates.server("server"))
    #expect(pair.handshake())
    #expect(pair.serverInfo?.cipherSuite == "TLS_CHACHA20_POLY1305_SHA256")
    options = Self.only(.tls12)
    options.cipherSuites12 = ["ECDHE-ECDSA-AES256-GCM-SHA384"]
    pair = try EnginePair(
      client: Certificates.client(), server: Certificates.server("server", options: options))
    #expect(pair.handshake())
    #expect(pair.clientInfo?.cipherSuite == "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")
  }

  @Test(arguments: versions)
  func everySplitOfTheHandshakeSucceeds(version: TLSVersion) throws {
    let client = try Certificates.client(options: Self.only(version), sessionHostsMax: 0)
    let server = try Certificates.server("server", options: Self.only(version))
    let whole = try EnginePair(client: client, server: server)
    #expect(whole.handshake())
    for split in 1..<max(whole.sentBytes.client, whole.sentBytes.server) {
      let pair = try EnginePair(client: client, server: server)
      pair.split = (split, split)
      #expect(pair.handshake(), "at \(split): \(pair.reason)")
    }
    let bytewise = try EnginePair(client: client, server: server)
    bytewise.chunkBytes = 1
    #expect(bytewise.handshake())
  }

  static let negotiations: [(client: [String], server: [String], result: String?)] = [
    (["http/1.1"], ["http/1.1"], "http/1.1"),
    (["h2", "http/1.1"], ["http/1.1"], "http/1.1"),
    (["http/1.1", "h2"], ["h2", "http/1.1"], "h2"),
    (["h", "h22", "h2"], ["h2"], "h2"),
    ([], ["http/1.1"], nil),
    (["http/1.1"], [], nil),
  ]

  @Test(arguments: negotiations.indices)
  func serverChoosesTheApplicationProtocol(row: Int) throws {
    let (client, server, result) = Self.negotiations[row]
    let pair = try EnginePair(
      client: Certificates.client(options: .init(applicationProtocols: client)),
      server: Certificates.server("server", options: .init(applicationProtocols: server)))
    #expect(pair.handshake())
    #expect(pair.clientInfo?.applicationProtocol == result)
    #expect(pair.serverInfo?.applicationProtocol == result)
  }

  @Test func withoutASharedApplicationProtocolBothSidesSaySo() throws {
    let pair = try EnginePair(
      client: Certificates.client(options: .init(applicationProtocols: ["h2"])),
      server: Certificates.server("server", options: .init(applicationProtocols: ["http/1.1"])))
    #expect(!pair.handshake())
    #expect(pair.serverError == .noSharedApplicationProtocol)
    #expect(pair.clientError == .peerAlert(TLSAlert(code: 120)))
  }

  static let names: [(asked: String, subject: String)] = [
    ("localhost", "CN=localhost"),
    ("other.test", "CN=other.test"),
    ("OTHER.test.", "CN=other.test"),
    ("a.wild.test", "CN=other.test"),
    ("a.b.wild.test", "CN=localhost"),
    ("nobody.test", "CN=localhost"),
    ("127.0.0.1", "CN=localhost"),
  ]

  @Test(arguments: names.indices, versions)
  func serverChoosesTheCertificateByName(row: Int, version: TLSVersion) throws {
    let (asked, subject) = Self.names[row]
    let pair = try EnginePair(
      client: Certificates.client(.chainOnly(Certificates.authority), options: Self.only(version)),
      server: Certificates.server("server", "other", options: .init(applicationProtocols: ["x"])),
      host: asked)
    #expect(pair.handshake())
    #expect(pair.clientInfo?.peerCertificate?.subject == subject)
  }

  @Test func addressesAreNotSentAsNames() throws {
    for host in ["127.0.0.1", "::1", "[::1]"] {
      let pair = try EnginePair(
        client: Certificates.client(), server: Certificates.server("server"), host: host)
      #expect(pair.handshake())
      #expect(pair.serverInfo?.serverName == nil)
    }
  }

  @Test(arguments: ["", ".", "a b", "a\0b", "münchen", String(repeating: "a", count: 254)])
  func whatIsNoHostIsRefused(host: String) throws {
    let client = try Certificates.client()
    #expect(throws: TLSError.configuration("\"\(host)\" is not a host")) {
      _ = try TLSEngine(client: client, host: host, port: 443)
    }
  }

  static let garbage: [(name: String, bytes: [UInt8], error: TLSError)] = [
    ("HTTP", Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8), .notTLS),
    ("a proxy's HTTP", Array("CONNECT a:443 HTTP/1.1\r\n\r\n".utf8), .notTLS),
    ("text", Array("hello, is anybody there?".utf8), .notTLS),
    ("zeros", [UInt8](repeating: 0, count: 64), .notTLS),
    ("a record that is too long", [22, 3, 1, 0xFF, 0xFF] + Array(repeating: 1, count: 99),
      .recordTooLong),
    ("the wrong message", [22, 3, 1, 0, 4, 14, 0, 0, 0],
      .protocolViolation("unexpected message")),
  ]

  @Test(arguments: garbage.indices)
  func garbageInsteadOfAHandshakeIsRefused(row: Int) throws {
    let (_, bytes, error) = Self.garbage[row]
    var whole = try TLSEngine(server: Certificates.server("server"))
    whole.deliver(bytes)
    #expect(throws: error) { _ = try whole.handshake() }
    #expect(throws: error) { _ = try whole.handshake() }
    let isComplete = whole.isHandshakeComplete
    #expect(!isComplete)
    var bytewise = try TLSEngine(server: Certificates.server("server"))
    #expect(throws: error) {
      for byte in bytes {
        bytewise.deliver([byte])
        _ = try bytewise.handshake()
      }
    }
  }

  @Test func anEndInsideTheHandshakeIsTruncation() throws {
    let whole = try EnginePair(client: Certificates.client(), server: Certificates.server("server"))
    _ = try whole.client.handshake()
    let hello = whole.client.outbound.array()
    let server = try Certificates.server("server")
    for count in 0..<hello.count {
      var engine = try TLSEngine(server: server)
      engine.deliver(hello[..<count])
      #expect(try engine.handshake() == false)
      engine.endInbound()
      #expect(throws: TLSError.truncated) { _ = try engine.handshake() }
    }
  }
}

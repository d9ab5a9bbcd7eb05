import Foundation
import TLS
import Testing

@Suite struct TLSServerContextTests {
  /// The names of the certificate that a new connection gets.
  static func hosts(_ server: TLSServerContext, _ client: TLSClientContext) throws -> [String] {
    let pair = try EnginePair(client: client, server: server)
    try #require(pair.handshake())
    return try #require(pair.clientInfo?.peerCertificate).hosts
  }

  @Test func replacingServesNewConnectionsAndKeepsTheOld() throws {
    let client = try Certificates.client()
    let server = try Certificates.server("server")
    let old = try EnginePair(client: client, server: server)
    let begun = try EnginePair(client: client, server: server)
    try #require(old.handshake())
    _ = try old.client.readAll()
    try server.replace(
      with: TLSServerConfiguration(identities: [Certificates.identity("renewed")]))
    #expect(try Self.hosts(server, client) == ["localhost", "renewed.test"])
    old.server.deliver(try old.client.seal([1]))
    #expect(try old.server.readAll().bytes == [1])
    #expect(begun.handshake())
    #expect(begun.clientInfo?.peerCertificate?.hosts.count == 3)
  }

  @Test func reloadReadsTheFilesAgain() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("reload-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (chain, key) = ("\(folder.path)/tls.pem", "\(folder.path)/tls.key")
    func install(_ name: String) throws {
      try Files.copy(Certificates.path("\(name).pem"), to: chain)
      try Files.copy(Certificates.path("\(name).key"), to: key)
    }
    try install("server")
    let identity = TLSIdentity(certificateChainFile: chain, privateKeyFile: key)
    let server = try TLSServerContext(TLSServerConfiguration(identities: [identity]))
    let client = try Certificates.client(sessionHostsMax: 0)
    #expect(try Self.hosts(server, client).count == 3)
    try install("renewed")
    #expect(try Self.hosts(server, client).count == 3)
    try server.reload()
    #expect(try Self.hosts(server, client) == ["localhost", "renewed.test"])

    try Data("nonsense".utf8).write(to: URL(fileURLWithPath: chain))
    #expect(throws: TLSError.configuration("no certificate in \(chain)")) { try server.reload() }
    #expect(try Self.hosts(server, client) == ["localhost", "renewed.test"])
  }

  @Test func contextsCanBeUsedAndReplacedFromManyThreads() async throws {
    let client = try Certificates.client()
    let server = try Certificates.server("server")
    let renewed = TLSServerConfiguration(identities: [Certificates.identity("renewed")])
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<4 {
        group.addTask {
          for _ in 0..<25 {
            if index == 0 { try server.replace(with: renewed) }
            #expect(try !Self.hosts(server, client).isEmpty)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// Each names what is wrong, and where.
  @Test func aWrongConfigurationSaysWhatIsWrong() throws {
    let path = Certificates.path
    func expectFailure(
      _ identity: TLSIdentity, _ start: String, line: SourceLocation = #_sourceLocation
    ) {
      do throws(TLSError) {
        _ = try TLSServerContext(TLSServerConfiguration(identities: [identity]))
        Issue.record("no error", sourceLocation: line)
      } catch {
        #expect(error.description.hasPrefix("TLS: wrong configuration: \(start)"), "\(error)")
        #expect(error.fault == .local)
      }
    }
    expectFailure(
      Certificates.identity("missing"),
      "cannot read \(path("missing.pem")): No such file or directory")
    expectFailure(
      Certificates.identity("locked"), "no usable private key in \(path("locked.key")): ")
    expectFailure(
      Certificates.identity("mismatched"),
      "the key in \(path("mismatched.key")) does not fit \(path("mismatched.pem")): ")
    expectFailure(
      TLSIdentity(certificateChain: .bytes([]), privateKey: .bytes([])),
      "no certificate in 0 bytes of PEM")
    var pem = try Files.read(path("server.pem"))
    pem[60] = pem[60] == 0x41 ? 0x42 : 0x41
    pem[61] = 0x2A
    expectFailure(
      TLSIdentity(certificateChain: .bytes(pem), privateKey: .file(path("server.key"))),
      "bad certificate in \(pem.count) bytes of PEM: ")
  }

  static let wrong: [(TLSProtocolOptions, String)] = [
    (.init(minimumVersion: .tls13, maximumVersion: .tls12), "no protocol version is allowed"),
    (.init(cipherSuites: ["TLS_NO_SUCH"]), "unknown cipher suite in TLS_NO_SUCH: no cipher match"),
    (.init(cipherSuites12: ["NO-SUCH"]), "no usable cipher in NO-SUCH: no cipher match"),
    (.init(applicationProtocols: [""]), "an application protocol has 0 bytes, not 1 to 255"),
    (
      .init(applicationProtocols: [String(repeating: "a", count: 256)]),
      "an application protocol has 256 bytes, not 1 to 255"
    ),
  ]

  @Test(arguments: wrong.indices)
  func wrongOptionsAreRefused(row: Int) {
    let (options, reason) = Self.wrong[row]
    #expect(throws: TLSError.configuration(reason)) {
      _ = try Certificates.server("server", options: options)
    }
    #expect(throws: TLSError.configuration(reason)) {
      _ = try Certificates.client(options: options)
    }
  }

  @Test(arguments: [-1, 17])
  func ticketsAreBounded(tickets: Int) {
    #expect(throws: TLSError.configuration("tickets: 0 to 16 of them, for 1 s to 7 days")) {
      _ = try Certificates.server("server", tickets: tickets)
    }
  }

  @Test func aServerNeedsAnIdentity() {
    #expect(throws: TLSError.configuration("a server needs a certificate")) {
      _ = try TLSServerContext(TLSServerConfiguration(identities: []))
    }
  }
}

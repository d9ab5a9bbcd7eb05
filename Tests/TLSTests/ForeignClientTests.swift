import TLS
import Testing

/// Our server before clients of others: the `openssl` command and Python.
@Suite(.timeLimit(.minutes(2))) struct ForeignClientTests {
  /// Sends a line, and prints what it learnt and what came back.
  private static let python = """
    port, mode = int(sys.argv[1]), sys.argv[2]
    c = ssl.create_default_context(cafile='ca.pem')
    if mode == 'tls12': c.maximum_version = ssl.TLSVersion.TLSv1_2
    if mode == 'client': c.load_cert_chain('client.pem', 'client.key')
    c.set_alpn_protocols(['http/1.1'])
    host = 'nobody.test' if mode == 'wrong' else 'localhost'
    try:
        with c.wrap_socket(socket.create_connection(('127.0.0.1', port)),
                           server_hostname=host, suppress_ragged_eofs=False) as s:
            s.sendall(b'from python\\n')
            data = b''
            while True:
                part = s.recv(65536)
                if not part: break
                data += part
            print(s.version(), s.cipher()[0], s.selected_alpn_protocol(), len(data), data[:20])
            if mode == 'cut':
                s.close()
            else:
                s.unwrap().close()
    except ssl.SSLError as error:
        print('refused:', error)
    """

  private static func serve(
    _ context: TLSServerContext, mode: String, answer: [UInt8] = Array("hello".utf8)
  ) async throws -> (Exchange, String) {
    try await Endpoints.serve(context, answer: answer) { port in
      try await Peer.python(python, "\(port)", mode).end()
    }
  }

  private static let http = TLSProtocolOptions(applicationProtocols: ["http/1.1"])

  @Test(arguments: ["tls13", "tls12"])
  func pythonTalksToUs(mode: String) async throws {
    let (served, output) = try await Self.serve(
      Certificates.server("chain", options: Self.http), mode: mode)
    let cipher = mode == "tls13" ? "TLSv1.3 TLS_AES_256_GCM_SHA384" : "TLSv1.2 ECDHE-ECDSA-AES"
    #expect(output.hasPrefix(cipher) && output.hasSuffix(" http/1.1 5 b'hello'\n"), "\(output)")
    #expect(served.text == "from python\n" && served.error == nil && served.otherError == nil)
    #expect(served.info?.serverName == "localhost")
  }

  @Test func aLongAnswerReachesPython() async throws {
    let (served, output) = try await Self.serve(
      Certificates.server("server"), mode: "tls13", answer: TLSDataTests.pattern(3_000_000))
    #expect(output.contains(" 3000000 "), "\(output)")
    #expect(served.error == nil)
  }

  @Test func aPythonThatCutsTheConnectionIsNoticed() async throws {
    let (served, _) = try await Self.serve(Certificates.server("server"), mode: "cut")
    #expect(served.text == "from python\n" && served.error == .truncated)
  }

  @Test func pythonRefusesAWrongHost() async throws {
    let (served, output) = try await Self.serve(Certificates.server("server"), mode: "wrong")
    #expect(output.contains("Hostname mismatch"), "\(output)")
    #expect(served.error == .peerAlert(TLSAlert(code: 42)), "\(served)")
  }

  @Test(arguments: ["client", "tls13", "tls12"])
  func pythonShowsItsCertificateOrIsRefused(mode: String) async throws {
    let server = try Certificates.server("server", clients: .required(Certificates.authority))
    let (served, output) = try await Self.serve(server, mode: mode)
    if mode == "client" {
      #expect(output.contains("hello"))
      #expect(served.info?.peerCertificate?.subject == "CN=alice")
    } else {
      #expect(output.contains("alert"), "\(output)")
      #expect(served.error == .missingClientCertificate)
    }
  }

  private static func openssl(
    _ context: TLSServerContext, _ arguments: [String], input: String
  ) async throws -> (Exchange, String) {
    try await Endpoints.serve(context) { port in
      let peer = try Peer(
        ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-CAfile", "ca.pem"] + arguments)
      peer.write(input)
      return await peer.end()
    }
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func opensslTalksToUs(version: String) async throws {
    let (served, output) = try await Self.openssl(
      Certificates.server("server", options: Self.http),
      [
        version, "-verify_return_error", "-verify_hostname", "localhost", "-servername",
        "localhost", "-alpn", "h2,http/1.1",
      ], input: "from openssl\n")
    #expect(output.contains("Verification: OK") && output.contains("hello"), "\(output)")
    #expect(output.contains("ALPN protocol: http/1.1"))
    #expect(output.contains("Compression: NONE"))
    #expect(served.text == "from openssl\n" && served.error == nil, "\(served)")
  }

  @Test(arguments: ["-tls1_1", "-tls1"])
  func olderVersionsAreRefused(version: String) async throws {
    let (served, output) = try await Self.openssl(
      Certificates.server("server"), [version, "-cipher", "ALL:@SECLEVEL=0"], input: "")
    #expect(served.error == .noSharedVersion)
    #expect(output.contains("alert protocol version"), "\(output)")
  }

  @Test(arguments: ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256", "NULL"])
  func oldCiphersAreRefused(cipher: String) async throws {
    let (served, output) = try await Self.openssl(
      Certificates.server("server"), ["-tls1_2", "-cipher", "\(cipher):@SECLEVEL=0"], input: "")
    #expect(served.error == .noSharedCipher)
    #expect(output.contains("handshake failure"), "\(output)")
  }

  @Test func renegotiationIsRefused() async throws {
    let (served, output) = try await Self.openssl(
      Certificates.server("server"), ["-tls1_2"], input: "R\n")
    #expect(output.contains("RENEGOTIATING") && output.contains("no renegotiation"), "\(output)")
    #expect(served.received == [] && served.error != nil)
  }

  @Test func keysCanBeUpdated() async throws {
    let (served, output) = try await Endpoints.serve(Certificates.server("server")) { port in
      let peer = try Peer(["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-tls1_3"])
      for _ in 0..<3 {
        // The command of s_client that makes both sides change their keys.
        peer.write("K\n")
        _ = await peer.output { $0.hasSuffix("KEYUPDATE\n") }
      }
      peer.write("after the updates\n")
      return await peer.end()
    }
    #expect(output.contains("hello"), "\(output)")
    #expect(served.text == "after the updates\n" && served.error == nil, "\(served)")
  }

  @Test(arguments: ["-tls1_2", "-tls1_3"])
  func opensslResumes(version: String) async throws {
    let server = try Certificates.server("server")
    let session = "session\(version).pem"
    let (_, first) = try await Self.openssl(
      server, [version, "-sess_out", session], input: "one\n")
    #expect(first.contains("New, TLSv1."), "\(first)")
    let (served, second) = try await Self.openssl(
      server, [version, "-sess_in", session], input: "two\n")
    #expect(second.contains("Reused, TLSv1."), "\(second)")
    #expect(served.info?.isResumed == true && served.text == "two\n")
  }
}

import TLS
import Testing

/// Our client before servers of others: the `openssl` command and Python.
@Suite(.timeLimit(.minutes(2))) struct ForeignServerTests {
  /// Serves one connection: reads a line, answers, ends.
  private static let python = """
    mode = sys.argv[1]
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain('chain.pem', 'chain.key')
    if mode == 'tls12': c.maximum_version = ssl.TLSVersion.TLSv1_2
    if mode == 'client':
        c.verify_mode = ssl.CERT_REQUIRED
        c.load_verify_locations('ca.pem')
    c.set_alpn_protocols(['http/1.1'])
    listener = listen()
    for _ in range(2 if mode == 'twice' else 1):
        raw, _ = listener.accept()
        try:
            with c.wrap_socket(raw, server_side=True) as s:
                line = s.recv(1000)
                s.sendall(b'x' * (3000000 if mode == 'long' else 5))
                peer = s.getpeercert() if mode == 'client' else None
                print(s.version(), s.selected_alpn_protocol(), s.session_reused, line, peer)
                if mode == 'cut':
                    s.close()
                else:
                    s.unwrap()
        except (ssl.SSLError, OSError) as error:
            print('refused:', error)
    """

  private static func connect(
    _ context: TLSClientContext, mode: String, request: String = "request\n"
  ) async throws -> (Exchange, String) {
    let peer = try Peer.python(python, mode)
    let exchange = try await Endpoints.connect(
      context, port: peer.port(), request: Array(request.utf8))
    return (exchange, await peer.end())
  }

  private static let http = TLSProtocolOptions(applicationProtocols: ["http/1.1"])

  @Test(arguments: ["tls13", "tls12", "long"])
  func weTalkToPython(mode: String) async throws {
    let (got, output) = try await Self.connect(
      Certificates.client(options: Self.http), mode: mode)
    #expect(got.received.count == (mode == "long" ? 3_000_000 : 5) && got.error == nil)
    #expect(got.info?.version == (mode == "tls12" ? .tls12 : .tls13))
    #expect(got.info?.applicationProtocol == "http/1.1")
    #expect(output.contains("http/1.1 False b'request\\n'"), "\(output)")
  }

  @Test func aPythonThatCutsTheConnectionIsNoticed() async throws {
    let (got, _) = try await Self.connect(Certificates.client(), mode: "cut")
    #expect(got.text == "xxxxx" && got.error == .truncated)
  }

  @Test(arguments: ["client", "client-unknown", nil])
  func pythonSeesOurCertificate(identity: String?) async throws {
    // Python closes at once when it refuses: unread bytes would make that a reset, and the reset
    // could overtake the reason.
    let (got, output) = try await Self.connect(
      Certificates.client(identity: identity), mode: "client",
      request: identity == "client" ? "request\n" : "")
    switch identity {
    case "client":
      #expect(got.text == "xxxxx" && output.contains("'alice'"), "\(output)")
    case nil:
      #expect(got.error == .peerAlert(TLSAlert(code: 116)))
      #expect(output.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE"), "\(output)")
    default:
      #expect(got.error == .peerAlert(TLSAlert(code: 48)))
      #expect(output.contains("refused"), "\(output)")
    }
  }

  @Test func weResumeWithPython() async throws {
    let client = try Certificates.client()
    let peer = try Peer.python(Self.python, "twice")
    let port = try await peer.port()
    let first = try await Endpoints.connect(client, port: port)
    let second = try await Endpoints.connect(client, port: port)
    #expect(first.info?.isResumed == false && second.info?.isResumed == true)
    let output = await peer.end()
    #expect(output.contains("None False b") && output.contains("None True b"), "\(output)")
  }

  private static func openssl(
    _ context: TLSClientContext, _ arguments: [String]
  ) async throws -> Exchange {
    let peer = try Peer(
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-rev"] + arguments)
    let exchange = try await Endpoints.connect(context, port: peer.port())
    peer.endInput()
    _ = await peer.end()
    return exchange
  }

  @Test(arguments: ["expired", "self", "unknown", "other", "client"])
  func opensslWithABadCertificateIsRefused(name: String) async throws {
    let exchange = try await Self.openssl(
      Certificates.client(), ["-cert", "\(name).pem", "-key", "\(name).key"])
    let row = try #require(
      TLSVerificationTests.cases.first { $0.server == name && $0.host == "localhost" })
    #expect(exchange.error == .verification(try #require(row.failure)))
  }

  @Test(arguments: ["-tls1", "-tls1_1"])
  func olderVersionsAreRefused(version: String) async throws {
    let exchange = try await Self.openssl(
      Certificates.client(),
      [version, "-cert", "server.pem", "-key", "server.key", "-cipher", "ALL:@SECLEVEL=0"])
    #expect(exchange.error == .peerAlert(TLSAlert(code: 70)), "\(exchange)")
  }

  @Test func aServerThatSpeaksSomethingElseIsNamed() async throws {
    let script = """
      c, _ = listen().accept()
      c.sendall(b'HTTP/1.1 400 Bad Request\\r\\nConnection: close\\r\\n\\r\\n')
      c.recv(5000)
      """
    let peer = try Peer.python(script)
    let exchange = try await Endpoints.connect(Certificates.client(), port: peer.port())
    #expect(exchange.error == .notTLS)
    _ = await peer.end()
  }

  @Test func aServerThatHangsUpIsTruncation() async throws {
    let script = """
      c, _ = listen().accept()
      c.recv(5000)
      c.shutdown(socket.SHUT_WR)
      c.recv(5000)
      """
    let peer = try Peer.python(script)
    let exchange = try await Endpoints.connect(Certificates.client(), port: peer.port())
    #expect(exchange.error == .truncated)
    _ = await peer.end()
  }
}

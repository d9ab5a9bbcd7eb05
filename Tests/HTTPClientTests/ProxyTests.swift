import HTTP1
import HTTPClient
import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import TLS
import Testing

/// Requests through a proxy, and which of them go through one.
@Suite(.timeLimit(.minutes(1))) struct ProxyTests {
  private static func proxies(_ environment: [String: String]) throws -> HTTPProxies {
    try HTTPProxies(environment: environment)
  }

  // MARK: The variables

  @Test(arguments: [
    ("http://proxy:3128", "proxy", 3128, nil), ("http://proxy:3128/", "proxy", 3128, nil),
    ("proxy:3128", "proxy", 3128, nil), ("proxy", "proxy", 80, nil),
    ("HTTP://10.0.0.1:1", "10.0.0.1", 1, nil), ("http://[::1]:8080", "::1", 8080, nil),
    ("http://ann:secret@proxy:1", "proxy", 1, "Basic YW5uOnNlY3JldA=="),
    // RFC 7617: a user without a password, and escapes of a URL.
    ("http://ann@proxy", "proxy", 80, "Basic YW5uOg=="),
    ("http://a%40b:p%3Aq:r@proxy", "proxy", 80, "Basic YUBiOnA6cTpy"),
  ] as [(String, String, UInt16, String?)])
  func proxyURLs(
    _ text: String, _ host: String, _ port: UInt16, _ authorization: String?
  ) throws {
    let proxy = try #require(try Self.proxies(["http_proxy": text]).http)
    #expect(proxy.host == host && proxy.port == port && proxy.authorization == authorization)
  }

  @Test(arguments: [
    ("socks5://ann:secret@proxy:1", "only proxies with http:// URLs can be used"),
    ("https://proxy", "only proxies with http:// URLs can be used"),
    ("http://", "is not a URL such as http://proxy:3128"),
    ("http://ann:secret@", "is not a URL such as http://proxy:3128"),
    ("http://proxy:port", "is not a URL such as http://proxy:3128"),
    ("http://proxy/path", "is not a URL such as http://proxy:3128"),
    ("http://a b", "is not a URL such as http://proxy:3128"),
  ])
  func proxyURLsThatCannotBeUsed(_ text: String, _ reason: String) {
    for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
      #expect {
        try Self.proxies([name: text])
      } throws: {
        // It never tells the password.
        "\($0)" == "\(name): \(reason)"
      }
    }
  }

  @Test(arguments: [
    (["http_proxy": "a"], "a", nil), (["https_proxy": "a"], nil, "a"),
    (["HTTPS_PROXY": "a"], nil, "a"), (["https_proxy": "a", "HTTPS_PROXY": "b"], nil, "a"),
    // A CGI program's request could set this one.
    (["HTTP_PROXY": "a"], nil, nil), (["all_proxy": "a"], "a", "a"), (["ALL_PROXY": "a"], "a", "a"),
    (["all_proxy": "a", "https_proxy": "b"], "a", "b"), (["http_proxy": ""], nil, nil),
    ([:], nil, nil),
  ] as [([String: String], String?, String?)])
  func variables(_ environment: [String: String], _ http: String?, _ https: String?) throws {
    let proxies = try Self.proxies(environment)
    #expect(proxies.http?.host == http && proxies.https?.host == https)
    #expect(proxies.proxy(for: try #require(HTTPURL("http://shop.test")))?.host == http)
    #expect(proxies.proxy(for: try #require(HTTPURL("https://shop.test")))?.host == https)
  }

  @Test(arguments: [
    ("", "http://shop.test", true), ("*", "http://shop.test", false),
    ("shop.test", "http://shop.test", false), ("shop.test", "http://SHOP.test:81", false),
    ("shop.test", "http://www.shop.test", false), ("shop.test", "http://workshop.test", true),
    (".shop.test", "http://www.shop.test", false), (".shop.test", "http://shop.test", false),
    ("shop.test:81", "http://shop.test:81", false), ("shop.test:81", "http://shop.test", true),
    ("other.test, shop.test", "http://shop.test", false),
    ("other.test shop.test", "http://shop.test", false),
    ("10.1.2.3", "http://10.1.2.3", false), ("10.1.2.3", "http://10.1.2.4", true),
    ("10.1.2.3:81", "http://10.1.2.3:81", false), ("10.1.2.3:81", "http://10.1.2.3", true),
    ("10.0.0.0/8", "http://10.255.0.1", false), ("10.0.0.0/8", "http://11.0.0.1", true),
    ("10.1.0.0/15", "http://10.0.9.9", false), ("10.1.0.0/15", "http://10.2.0.0", true),
    ("0.0.0.0/0", "http://8.8.8.8", false), ("0.0.0.0/0", "http://[2001:db8::1]", true),
    ("10.0.0.0/x", "http://10.0.0.0", false), ("10.0.0.0/x", "http://10.0.0.1", true),
    ("2001:db8::/32", "http://[2001:db8:1::1]", false),
    ("2001:db8::/32", "http://[2001:db9::1]", true), ("[2001:db8::1]:81", "http://[2001:db8::1]:81",
      false), ("2001:db8::1", "http://[2001:db8::1]:81", false), (",", "http://shop.test", true),
    (".", "http://shop.test", true),
    // This machine is never reached through another one.
    ("", "http://localhost", false), ("", "http://app.LOCALHOST:8010", false),
    ("", "http://127.9.9.9", false), ("", "http://[::1]", false),
    ("", "http://localhost.test", true), ("", "http://[::2]", true),
  ])
  func exceptions(_ list: String, _ url: String, _ isProxied: Bool) throws {
    for name in ["no_proxy", "NO_PROXY"] {
      let proxies = try Self.proxies(["http_proxy": "proxy", name: list])
      #expect((proxies.proxy(for: try #require(HTTPURL(url))) != nil) == isProxied)
    }
  }

  // MARK: Plain requests

  @Test func aProxyIsSentTheWholeURL() async throws {
    let (requests, texts) = try await StandIn.run { server in
      let peer = try server.accept()
      var requests: [String] = []
      for _ in 0..<2 {
        requests.append(try peer.request())
        try peer.answer("from the proxy")
      }
      return requests
    } _: { port in
      let proxies = try Self.proxies(["http_proxy": "http://ann:secret@127.0.0.1:\(port)"])
      return try await LiveClient.run(configure: { $0.proxies = proxies }) { client in
        var texts: [String] = []
        for _ in 0..<2 {
          texts.append(try await client.send(8010, .get, "/a?b", host: "shop.test").text)
        }
        return texts
      }
    }
    #expect(texts == ["from the proxy", "from the proxy"])
    let expected = """
      GET http://shop.test:8010/a?b HTTP/1.1\r\nhost: shop.test:8010\r\nuser-agent: ostack\r\n\
      proxy-authorization: Basic YW5uOnNlY3JldA==\r\n\r\n
      """
    #expect(requests == [expected, expected])
  }

  // MARK: Tunnels

  /// Stands between a client and a server: answers CONNECT with `answer`, and passes on the bytes
  /// of both when that opens a tunnel.
  private static func tunnel(
    _ server: StandIn, to port: UInt16?, answer: String
  ) throws -> String {
    let peer = try server.accept()
    let request = try peer.request()
    try peer.send(answer)
    guard let port else {
      _ = peer.isEnded()
      return request
    }
    let far = try RawSocket(port: port)
    // In both directions by turns; neither side sends more than the other's buffer takes.
    while true {
      if peer.socket.isReadable(withinMilliseconds: 1) {
        let bytes = try peer.socket.receive()
        if bytes.isEmpty { return request }
        try far.send(bytes)
      }
      if far.isReadable(withinMilliseconds: 1) { try peer.socket.send(try far.receive()) }
    }
  }

  @Test func aTunnelForWhatIsSecured() async throws {
    // The certificate is for `localhost`, for which no proxy is asked.
    let tls = try TLSClientContext(
      TLSClientConfiguration(
        verification: .chainOnly(.authorities(.bytes(SecureServer.identityText)))))
    try await SecureServer.run {
      $0.add(.post, "/echo") { ServerResponse(body: .bytes(try await $0.body.collect())) }
    } _: { secure in
      let (request, text) = try await StandIn.run { server in
        try Self.tunnel(
          server, to: secure.port,
          answer: "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 Connection established\r\n\r\n")
      } _: { port in
        let proxies = try Self.proxies(["https_proxy": "ann@127.0.0.1:\(port)"])
        return try await LiveClient.run(configure: {
          $0.proxies = proxies
          $0.tls = tls
        }) { client in
          try await client.send(
            443, .post, "/echo", scheme: .https, host: "shop.test", body: "secret").text
        }
      }
      #expect(text == "secret")
      #expect(
        request == """
          CONNECT shop.test:443 HTTP/1.1\r\nhost: shop.test:443\r\nuser-agent: ostack\r\n\
          proxy-authorization: Basic YW5uOg==\r\n\r\n
          """)
    }
  }

  @Test(arguments: [
    ("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2\r\n\r\nno",
      "the proxy refuses the connection: 407"),
    ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "the proxy refuses the connection: 502"),
    ("HTTP/1.1 200 OK\r\n\r\nearly",
      "the server broke the protocol: unsolicited_response (502)"),
    ("HTTP/2 200\r\n\r\n", "the server broke the protocol: bad_status_line (502)"),
  ])
  func tunnelsThatDoNotOpen(_ answer: String, _ expected: String) async throws {
    let (_, error) = try await StandIn.run { server in
      try Self.tunnel(server, to: nil, answer: answer)
    } _: { port in
      let proxies = try Self.proxies(["https_proxy": "127.0.0.1:\(port)"])
      return try await LiveClient.run(configure: { $0.proxies = proxies }) { client in
        try await client.failure { client in
          try await client.send(443, scheme: .https, host: "shop.test")
        }
      }
    }
    #expect(error?.description == expected)
  }

  @Test func aProxyThatSaysNothing() async throws {
    let (request, error) = try await StandIn.run { server in
      try Self.tunnel(server, to: nil, answer: "")
    } _: { port in
      let proxies = try Self.proxies(["https_proxy": "127.0.0.1:\(port)"])
      return try await LiveClient.run(configure: {
        $0.proxies = proxies
        $0.handshakeTimeout = .milliseconds(20)
      }) { client in
        try await client.failure { client in
          try await client.send(443, scheme: .https, host: "2001:db8::1")
        }
      }
    }
    guard case .timedOut(.securing) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(request.hasPrefix("CONNECT [2001:db8::1]:443 HTTP/1.1\r\nhost: [2001:db8::1]:443\r\n"))
  }
}

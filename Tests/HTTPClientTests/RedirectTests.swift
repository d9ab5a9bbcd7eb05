import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// Redirects are answers, unless a request says how many it follows (RFC 9110 §15.4).
@Suite(.timeLimit(.minutes(1))) struct RedirectTests {
  /// Sends a request that is answered with `status` and `location`, where PORT is the server's own
  /// port, and then, if another comes, with 200.
  private static func send(
    _ method: HTTPRequest.Method, status: Int, location: String?, redirectsMax: Int = 1,
    host: String = "127.0.0.1"
  ) async throws -> (requests: [String], Result<ClientResponse, HTTPClientError>) {
    try await LiveClient.run { client in
      let done = Gate()
      let (requests, result) = try await StandIn.run { server in
        var requests: [String] = []
        while !done.isOpen {
          guard server.listener.isWaiting(withinMilliseconds: 5) else { continue }
          let peer = try server.accept()
          requests.append(try peer.request())
          let field = location.map {
            "location: \($0.replacing("PORT", with: "\(server.port)"))\r\n"
          }
          let line = requests.count == 1 ? "HTTP/1.1 \(status) X" : "HTTP/1.1 200 OK"
          try peer.send("\(line)\r\n\(field ?? "")connection: close\r\ncontent-length: 0\r\n\r\n")
        }
        return requests
      } _: { port in
        defer { done.open() }
        return try await client.result {
          try await $0.send(
            port, method, "/a/b?q", host: host,
            fields: [
              HTTPField(name: .authorization, value: "secret"),
              HTTPField(name: .contentType, value: "text/plain"),
              HTTPField(name: .accept, value: "x"),
            ], body: method == .post ? "content" : "", redirectsMax: redirectsMax)
        }
      }
      return (requests, result)
    }
  }

  @Test func notUnlessAsked() async throws {
    let (requests, result) = try await Self.send(
      .get, status: 302, location: "/elsewhere", redirectsMax: 0)
    #expect(try result.get().status.code == 302 && requests.count == 1)
  }

  @Test(arguments: [
    (.get, 301, "GET"), (.get, 302, "GET"), (.get, 303, "GET"), (.get, 307, "GET"),
    (.get, 308, "GET"), (.head, 303, "HEAD"), (.put, 303, "GET"), (.put, 302, "PUT"),
    (.post, 301, "GET"), (.post, 302, "GET"), (.post, 303, "GET"), (.post, 307, "POST"),
    (.post, 308, "POST"),
  ] as [(HTTPRequest.Method, Int, String)])
  func whatIsSentOn(
    _ method: HTTPRequest.Method, _ status: Int, _ expected: String
  ) async throws {
    let (requests, result) = try await Self.send(method, status: status, location: "../c?d#e")
    #expect(try result.get().status == .ok)
    try #require(requests.count == 2)
    #expect(requests[1].hasPrefix("\(expected) /c?d HTTP/1.1\r\n"))
    // The same server, and so the same credentials; content goes with its method alone.
    #expect(requests[1].contains("authorization: secret\r\n"))
    #expect(requests[1].contains("accept: x\r\n"))
    let keepsContent = method == .post && expected == "POST"
    #expect(requests[1].hasSuffix("\r\n\r\ncontent") == keepsContent)
    #expect(requests[1].contains("content-type") == (method.rawValue == expected))
  }

  /// Statuses that are no redirects, whatever their Location says.
  @Test(arguments: [200, 201, 300, 304, 305, 306])
  func whatIsNoRedirect(_ status: Int) async throws {
    let (requests, result) = try await Self.send(.get, status: status, location: "/elsewhere")
    #expect(try result.get().status.code == status && requests.count == 1)
  }

  /// What is meant for one server is not told another.
  @Test func credentialsStayWithTheirServer() async throws {
    let (requests, result) = try await Self.send(
      .get, status: 307, location: "http://localhost:PORT/x")
    #expect(try result.get().status == .ok)
    try #require(requests.count == 2)
    #expect(requests[0].contains("authorization: secret"))
    #expect(!requests[1].contains("authorization") && requests[1].contains("accept: x"))
    #expect(requests[1].contains("host: localhost:"))
  }

  @Test(arguments: [
    (nil, RedirectRefusal.badLocation), ("ftp://127.0.0.1/", .badLocation),
    ("http://", .badLocation), ("mailto:ann", .badLocation),
  ])
  func whatIsRefused(_ location: String?, _ expected: RedirectRefusal) async throws {
    let (requests, result) = try await Self.send(.get, status: 302, location: location)
    guard case .failure(.redirectRefused(let refusal)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(refusal == expected && requests.count == 1)
  }

  /// A circle ends at the limit, and not before.
  @Test func asManyAsAllowed() async throws {
    for (redirectsMax, expected) in [(3, 3), (5, 5)] {
      try await LiveClient.run { client in
        let (count, error) = try await StandIn.run { server in
          let peer = try server.accept()
          var count = 0
          while (try? peer.request()) != nil {
            count += 1
            try peer.send("HTTP/1.1 302 X\r\nlocation: /\(count)\r\ncontent-length: 0\r\n\r\n")
          }
          return count
        } _: { port in
          let error = try await client.failure { client in
            try await client.send(port, redirectsMax: redirectsMax)
          }
          await client.client.closeIdleConnections()
          return error
        }
        guard case .redirectRefused(.tooMany) = error else {
          Issue.record("\(String(describing: error))")
          return
        }
        #expect(count == expected + 1 && error?.label == "redirect_error")
      }
    }
  }
}

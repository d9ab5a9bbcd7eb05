import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// One request and its response.
@Suite(.timeLimit(.minutes(1))) struct ExchangeTests {
  /// Serves one connection that is sent `answer` for its request and then ended.
  private static func exchange(
    _ method: HTTPRequest.Method = .get, answer: String, ends: Bool = true,
    configure: (inout HTTPClientConfiguration) -> Void = { _ in }
  ) async throws -> Result<ClientResponse, HTTPClientError> {
    try await LiveClient.run(configure: configure) { client in
      let (wasEnded, result) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.request()
        try peer.send(answer)
        if ends { peer.socket.endWriting() }
        return peer.isEnded()
      } _: { port in
        let result = try await client.result { try await $0.send(port, method) }
        await client.client.closeIdleConnections()
        return result
      }
      #expect(wasEnded)
      return result
    }
  }

  @Test(arguments: [
    (.get, "", "GET /a?b=c HTTP/1.1\r\nhost: H\r\nuser-agent: ostack\r\nx-one: 1\r\n\r\n"),
    (
      .post, "content",
      "POST /a?b=c HTTP/1.1\r\nhost: H\r\nuser-agent: ostack\r\nx-one: 1\r\n"
        + "content-length: 7\r\n\r\ncontent"
    ),
    // RFC 9110 §8.6: a method that usually has content says when there is none.
    (
      .put, "",
      "PUT /a?b=c HTTP/1.1\r\nhost: H\r\nuser-agent: ostack\r\nx-one: 1\r\n"
        + "content-length: 0\r\n\r\n"
    ),
  ] as [(HTTPRequest.Method, String, String)])
  func requestsAsTheyAreSent(
    _ method: HTTPRequest.Method, _ body: String, _ expected: String
  ) async throws {
    let name = try #require(HTTPField.Name("X-One"))
    try await LiveClient.run { client in
      let (request, port) = try await StandIn.run { server in
        let peer = try server.accept()
        let request = try peer.request()
        try peer.answer("")
        return request
      } _: { port in
        _ = try await client.send(
          port, method, "/a?b=c", fields: [HTTPField(name: name, value: "1")], body: body)
        return port
      }
      #expect(request == expected.replacing("host: H", with: "host: 127.0.0.1:\(port)"))
    }
  }

  /// Nothing of a request that would break the message is sent.
  @Test(arguments: [
    ("/", HTTPField(name: .contentLength, value: "3")),
    ("/", HTTPField(name: .connection, value: "x")),
    ("/", HTTPField(name: HTTPField.Name("Host") ?? .accept, value: "other")),
    ("/a b", HTTPField(name: .accept, value: "*/*")),
    ("", HTTPField(name: .accept, value: "*/*")),
  ])
  func requestsThatCannotBeSent(_ target: String, _ field: HTTPField) async throws {
    try await LiveClient.run { client in
      let (received, error) = try await StandIn.run { server in
        try server.accept().socket.receiveToEnd()
      } _: { port in
        try await client.failure { client in
          try await client.send(port, .get, target, fields: [field])
        }
      }
      guard case .invalidRequest(.invalidOwnField) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(received.isEmpty && error?.isBeforeSending == true)
    }
  }

  @Test(arguments: [
    (.get, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", 200, "hello"),
    (
      .get, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        + "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nt: v\r\n\r\n", 200, "hello"
    ),
    (.get, "HTTP/1.1 200 OK\r\n\r\nup to the end", 200, "up to the end"),
    (.get, "HTTP/1.0 200 OK\r\n\r\nold", 200, "old"),
    (.head, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", 200, ""),
    (.get, "HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
    (.get, "HTTP/1.1 304 Not Modified\r\ncontent-length: 9\r\n\r\n", 304, ""),
    (
      .post, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
        + "HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok", 201, "ok"
    ),
    (.get, "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n", 500, ""),
  ] as [(HTTPRequest.Method, String, Int, String)])
  func responses(
    _ method: HTTPRequest.Method, _ answer: String, _ status: Int, _ body: String
  ) async throws {
    let response = try await Self.exchange(method, answer: answer).get()
    #expect(response.status.code == status && response.text == body)
    #expect(response.peerAddress?.host == "127.0.0.1")
  }

  /// The client ends the connection at once, without waiting for the server to.
  @Test(arguments: [
    ("HTTP/2 200 OK\r\n\r\n", HTTPProtocolError.badStatusLine),
    ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n", .badContentLength),
    ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
      .badTransferEncoding),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n", .unknownTransferCoding),
    ("HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n", .badField),
    ("HTTP/1.1 200 OK\nx: y\n\n", .badLineEnd),
    ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", .badChunk),
    ("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n", .unexpectedUpgrade),
  ])
  func malformedResponses(_ answer: String, _ expected: HTTPProtocolError) async throws {
    let result = try await Self.exchange(answer: answer, ends: false)
    guard case .failure(.protocolViolation(let error)) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(error == expected)
  }

  @Test(arguments: [
    "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nx", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
  ])
  func responsesThatAreCutShort(_ answer: String) async throws {
    let result = try await Self.exchange(answer: answer)
    guard case .failure(.disconnected(nil)) = result else {
      Issue.record("\(result)")
      return
    }
  }

  /// Exactly the limit passes, in each of the three ways in which content is delimited.
  @Test(arguments: [
    "HTTP/1.1 200 OK\r\ncontent-length: N\r\n\r\nB",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nX\r\nB\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nB",
  ])
  func contentHasALimit(_ shape: String) async throws {
    for count in [10, 11] {
      let answer = shape.replacing("N", with: "\(count)")
        .replacing("X", with: String(count, radix: 16))
        .replacing("B", with: String(repeating: "b", count: count))
      let result = try await Self.exchange(answer: answer) { $0.limits.bodyBytesMax = 10 }
      switch result {
      case .success(let response): #expect(count == 10 && response.body.count == 10)
      case .failure(.protocolViolation(.contentTooLarge)): #expect(count == 11)
      case .failure(let error): Issue.record("\(error)")
      }
    }
  }

  /// A server that refuses a large request answers without reading it to the end; what it says is
  /// heard although the request cannot be sent to its end.
  @Test func anAnswerToARequestThatIsNotReadToItsEnd() async throws {
    try await LiveClient.run { client in
      let (_, response) = try await StandIn.run { server in
        let peer = try server.accept()
        _ = try peer.socket.receive(atMost: 100)
        try peer.send(
          "HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nno!")
        // Unread bytes make the kernel reset the connection behind the answer.
      } _: { port in
        try await client.send(port, .post, body: String(repeating: "x", count: 30_000_000))
      }
      #expect(response.status.code == 413 && response.text == "no!")
    }
  }

  /// From a task on no loop, and from one on another loop than the client's own.
  @Test func requestsFromAnywhere() async throws {
    try await LiveClient.run { client in
      let other = try EventLoop(name: "other")
      let (count, _) = try await StandIn.run { server in
        for _ in 0..<2 {
          let peer = try server.accept()
          _ = try peer.request()
          try peer.answer("hello")
        }
        return 2
      } _: { port in
        #expect(try await client.send(port).text == "hello")
        // Its connections are that loop's own.
        let text = try await other.run { try await client.send(port).text }
        #expect(text == "hello")
        await client.client.closeIdleConnections()
      }
      #expect(count == 2)
      other.stop()
    }
  }
}

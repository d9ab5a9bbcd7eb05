import HTTP1
import HTTPClient
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// A connection that turns out to be gone when it is used again: the request is sent once more only
/// where that is safe (RFC 9110 §9.2.2).
@Suite(.timeLimit(.minutes(1))) struct RetryTests {
  /// The first connection carries one exchange, reads a second request, says `part` and ends; a
  /// further one answers.
  private static func meetStale(
    _ method: HTTPRequest.Method, isIdempotent: Bool? = nil, part: String = "",
    isReset: Bool = false
  ) async throws -> (requests: [String], error: HTTPClientError?) {
    try await LiveClient.run { client in
      let done = Gate()
      let (requests, error) = try await StandIn.run { server in
        var requests: [String] = []
        do {
          let stale = try server.accept()
          requests.append(try stale.request())
          try stale.answer("first")
          requests.append(try stale.request())
          try stale.send(part)
          if isReset { stale.socket.resetOnClose() }
        }
        while !done.isOpen {
          guard server.listener.isWaiting(withinMilliseconds: 5) else { continue }
          let fresh = try server.accept()
          requests.append(try fresh.request())
          try fresh.answer("second")
        }
        return requests
      } _: { port in
        defer { done.open() }
        #expect(try await client.send(port).text == "first")
        return try await client.failure { client in
          let response = try await client.send(
            port, method, "/second", isIdempotent: isIdempotent)
          #expect(response.text == "second" || method == .head)
          return response
        }
      }
      return (requests, error)
    }
  }

  @Test(arguments: [HTTPRequest.Method.get, .head, .put, .delete, .options], [false, true])
  func whatIsIdempotentIsSentAgain(_ method: HTTPRequest.Method, isReset: Bool) async throws {
    let (requests, error) = try await Self.meetStale(method, isReset: isReset)
    #expect(error == nil && requests.count == 3 && requests[1] == requests[2])
  }

  @Test(arguments: [false, true])
  func whatIsNotIsNot(isReset: Bool) async throws {
    let (requests, error) = try await Self.meetStale(.post, isReset: isReset)
    guard case .disconnected = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(requests.count == 2 && error?.isBeforeSending == false)
  }

  /// Who knows better says so.
  @Test func theCallerDecides() async throws {
    #expect(try await Self.meetStale(.post, isIdempotent: true).requests.count == 3)
    #expect(try await Self.meetStale(.get, isIdempotent: false).requests.count == 2)
  }

  /// A server that has begun to answer has worked on the request.
  @Test(arguments: ["H", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 200 OK\r\n"])
  func whatWasBegunIsNotSentAgain(_ part: String) async throws {
    let (requests, error) = try await Self.meetStale(.get, part: part)
    guard case .disconnected = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(requests.count == 2)
  }

  /// A request that may have been carried out is never said to be unsent: not even where it is sent
  /// again and there is nobody left to send it to.
  @Test func whatWasSentOnceIsNotUnsent() async throws {
    try await LiveClient.run { client in
      let error = try await {
        let (_, error) = try await StandIn.run { server in
          let peer = try server.accept()
          _ = try peer.request()
          try peer.answer("first")
          _ = try peer.request()
          server.listener.stop()
        } _: { port in
          _ = try await client.send(port)
          return try await client.failure {
            try await $0.send(port, .post, isIdempotent: true)
          }
        }
        return error
      }()
      guard case .disconnected = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(error?.isBeforeSending == false)
    }
  }

  /// A fresh connection that ends without a word is no stale one.
  @Test func aFreshConnectionIsNotTriedAgain() async throws {
    try await LiveClient.run { client in
      let (isAlone, error) = try await StandIn.run { server in
        do { _ = try server.accept().request() }
        return !server.listener.isWaiting(withinMilliseconds: 50)
      } _: { port in
        try await client.failure { client in try await client.send(port) }
      }
      guard case .disconnected = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(isAlone)
    }
  }
}

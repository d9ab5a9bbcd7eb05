import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// How long a connection lives, and in which order its requests are answered.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
  @Test(arguments: ["127.0.0.1", "::1"])
  func requestsFollowOneAnother(_ host: String) async throws {
    try await LiveServer.run(host: host) { router in
      router.add(.get, "/peer") { .text($0.peerAddress?.host ?? "none") }
      router.addEcho()
    } _: { server in
      let port = server.port
      try await onThread {
        let client = WireClient(try RawSocket(port: port, host: host))
        for index in 0..<3 {
          try client.get("/peer")
          let answer = try client.response()
          #expect(answer.line == "HTTP/1.1 200 OK" && answer.body == host)
          #expect(answer["connection"] == nil && answer["server"] == "ostack")
          #expect(answer["date"]?.hasSuffix(" GMT") == true)
          #expect(answer["content-length"] == "\(host.utf8.count)")
          #expect(answer["content-type"] == "text/plain")
          try client.post("/echo", "content \(index)")
          #expect(try client.response().body == "content \(index)")
        }
      }
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await LiveServer.run { router in
      router.addEcho()
      router.add(.get, "/slow") { request in
        try await Task.sleep(for: .milliseconds(5))
        return .text(request.head.query ?? "")
      }
    } _: { server in
      try await server.talk { client in
        var requests = ""
        for index in 0..<40 {
          requests += index.isMultiple(of: 5)
            ? "GET /slow?\(index) HTTP/1.1\r\nhost: h\r\n\r\n"
            : "POST /echo HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n\(index + 10)"
        }
        try client.send(requests)
        for index in 0..<40 {
          let expected = index.isMultiple(of: 5) ? index : index + 10
          #expect(try client.response().body == "\(expected)")
        }
      }
    }
  }

  /// An answer is not kept back because the request behind it takes long.
  @Test func aSlowRequestDoesNotHoldUpTheAnswerBeforeIt() async throws {
    let gate = Gate()
    try await LiveServer.run { router in
      router.add("/quick", "quick")
      router.add(.get, "/slow") { _ in
        await gate.passed()
        return .text("slow")
      }
    } _: { server in
      try await server.talk { client in
        for _ in 0..<2 { try client.get("/quick") }
        try client.get("/slow")
        try client.get("/quick")
        for _ in 0..<2 { #expect(try client.response().body == "quick") }
        gate.open()
        #expect(try client.response().body == "slow")
        #expect(try client.response().body == "quick")
      }
    }
  }

  struct Persistence: Sendable {
    let version: String
    let fields: String
    let isKept: Bool
    let told: String?
  }

  @Test(arguments: [
    Persistence(version: "1.1", fields: "", isKept: true, told: nil),
    Persistence(version: "1.1", fields: "connection: close\r\n", isKept: false, told: "close"),
    Persistence(version: "1.0", fields: "", isKept: false, told: "close"),
    Persistence(
      version: "1.0", fields: "connection: keep-alive\r\n", isKept: true, told: "keep-alive"),
    Persistence(
      version: "1.0", fields: "connection: keep-alive, close\r\n", isKept: false, told: "close"),
  ])
  func whatTheClientAsksFor(_ row: Persistence) async throws {
    try await LiveServer.run { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        let request = "GET / HTTP/\(row.version)\r\nhost: h\r\n\(row.fields)\r\n"
        try client.send(request)
        let answer = try client.response()
        #expect(answer.body == "hello" && answer["connection"] == row.told)
        #expect(answer.line == "HTTP/1.1 200 OK")
        if row.isKept {
          try client.send(request)
          #expect(try client.response().body == "hello")
        } else {
          #expect(try client.rest() == "")
        }
      }
    }
  }

  @Test func headIsGetWithoutContent() async throws {
    try await LiveServer.run { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        try client.get("/")
        let get = try client.response()
        try client.get("/", method: "HEAD")
        let head = try client.response(isToHead: true)
        #expect(head.line == get.line && head.fields.map(\.name) == get.fields.map(\.name))
        #expect(head["content-length"] == "5")
        // The next answer begins right behind it.
        try client.get("/")
        #expect(try client.response().body == "hello")
      }
    }
  }

  @Test(arguments: [1, 3])
  func requestsOfOneConnectionAreCounted(_ limit: Int) async throws {
    try await LiveServer.run(configure: {
      $0.requestsPerConnectionMax = limit
    }) { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        for index in 1...limit {
          try client.get("/")
          let answer = try client.response()
          #expect(answer.body == "hello")
          #expect(answer["connection"] == (index == limit ? "close" : nil))
        }
        #expect(try client.rest() == "")
      }
    }
  }

  /// A client may end its half behind its last request, and still waits for the answer.
  @Test func aHalfClosedConnectionIsAnswered() async throws {
    let gate = Gate()
    try await LiveServer.run { router in
      router.add(.get, "/slow") { _ in
        await gate.passed()
        return .text(String(repeating: "x", count: 200_000))
      }
    } _: { server in
      try await server.talk { client in
        try client.get("/slow")
        client.socket.endWriting()
        gate.open()
        #expect(try client.response().body.utf8.count == 200_000)
        #expect(try client.rest() == "")
      }
    }
  }

  @Test(arguments: ["", "\r\n", "GET / HTT", "GET / HTTP/1.1\r\nhost: h\r\n"])
  func aClientThatLeavesIsNotAnswered(_ sent: String) async throws {
    try await LiveServer.run { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        try client.send(sent)
        client.socket.endWriting()
        #expect(try client.rest() == "")
      }
      #expect(await server.settle(connections: 0))
    }
  }

  // MARK: Time

  @Test func anIdleConnectionIsClosedWithoutAWord() async throws {
    try await LiveServer.run(configure: {
      $0.keepAliveTimeout = .milliseconds(30)
    }) { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().body == "hello")
        #expect(try client.rest() == "")
      }
      #expect(await server.settle(connections: 0))
    }
  }

  /// A connection on which nothing was ever asked has the time of a head, which is shorter.
  @Test func aConnectionWithoutARequestIsClosed() async throws {
    try await LiveServer.run(configure: {
      $0.headTimeout = .milliseconds(30)
      $0.keepAliveTimeout = .seconds(50)
    }) { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        let rest = try client.rest()
        #expect(rest == "")
      }
      #expect(await server.settle(connections: 0))
    }
  }

  /// Being idle is one thing, being slow another: a head that has begun has its own time.
  @Test(arguments: ["G", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nhost: h\r\n"])
  func aSlowHeadIsRefused(_ part: String) async throws {
    let faults = Locked<[String]>([])
    try await LiveServer.run(onPeerFault: { fault in
      faults.update { $0.append("\(fault)") }
    }, configure: {
      $0.headTimeout = .milliseconds(30)
    }) { $0.add("/", "hello") } _: { server in
      try await server.talk { client in
        try client.get("/")
        #expect(try client.response().status == 200)
        try client.send(part)
        let answer = try client.response()
        #expect(answer.line == "HTTP/1.1 408 Request Timeout")
        #expect(answer.body == #"{"detail":"Request Timeout"}"# && answer["connection"] == "close")
        #expect(try client.rest() == "")
      }
      #expect(faults.value == ["the request took too long to arrive"])
    }
  }

  @Test func aSlowBodyIsRefused() async throws {
    let seen = Locked<[String]>([])
    try await LiveServer.run(configure: {
      $0.bodyTimeout = .milliseconds(30)
    }) { router in
      router.add(.post, "/") { request in
        do {
          return .text("\(try await request.body.collect().count)")
        } catch {
          seen.update { $0.append("\(error)") }
          throw error
        }
      }
    } _: { server in
      try await server.talk { client in
        try client.send("POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\n12345")
        #expect(try client.response().status == 408)
        #expect(try client.rest() == "")
      }
      #expect(seen.value == ["the request took too long to arrive"])
    }
  }
}

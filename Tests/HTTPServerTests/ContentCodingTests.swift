import HTTP1
@testable import HTTPServer
import HTTPTypes
import RawSockets
import Sockets
import Testing

/// How many responses are compressed at once. What compression makes of them is seen with other
/// programs' eyes, end to end.
@Suite(.timeLimit(.minutes(1))) struct ContentCodingTests {
  private static let text = String(repeating: "compressible ", count: 200)
  private static let asking = "accept-encoding: gzip\r\n"

  private static func coding(encodersMax: Int) -> ContentCodingConfiguration {
    var configuration = ContentCodingConfiguration()
    configuration.encodersMax = encodersMax
    return configuration
  }

  @Test(arguments: [(0, nil), (1, "gzip")])
  func noneIsCompressedWithoutAnEncoder(_ encodersMax: Int, _ expected: String?) async throws {
    try await LiveServer.run(contentCoding: Self.coding(encodersMax: encodersMax)) {
      $0.add("/", Self.text)
    } _: { server in
      try await server.talk { client in
        // As often as it is asked: an encoder comes back.
        for _ in 0..<3 {
          try client.get("/", Self.asking)
          let answer = try client.response()
          #expect(answer["content-encoding"] == expected)
          #expect(answer["vary"] == "accept-encoding")
          #expect((answer.body == Self.text) == (expected == nil))
        }
      }
    }
  }

  /// A slow reader keeps its encoder; who comes meanwhile is served uncompressed.
  @Test func aStreamKeepsItsEncoderToItsEnd() async throws {
    let gate = Gate()
    try await LiveServer.run(loopCount: 2, contentCoding: Self.coding(encodersMax: 1)) {
      $0.add(.get, "/slow") { _ in
        ServerResponse(contentType: "text/plain", body: .stream(StreamedBody { writer in
          // More than compression keeps back.
          var numbers = SystemRandomNumberGenerator()
          try await writer.write((0..<65_536).map { _ in UInt8.random(in: 33...126, using: &numbers) })
          await gate.passed()
        }))
      }
      $0.add("/", Self.text)
    } _: { server in
      try await server.talk { slow in
        try slow.get("/slow", Self.asking)
        // The head is sent when the handler has answered.
        #expect(try slow.response(isToHead: true)["content-encoding"] == "gzip")
        let other = WireClient(try RawSocket(port: server.port))
        try other.get("/", Self.asking)
        #expect(try other.response()["content-encoding"] == nil)
        // Nothing is compressed for a client that does not ask.
        gate.open()
        try slow.send("GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
        #expect(try slow.rest().hasSuffix(Self.text))
        try other.get("/", Self.asking)
        #expect(try other.response()["content-encoding"] == "gzip")
      }
    }
  }

  /// RFC 9110 §9.3.2: the fields of HEAD are those of GET.
  @Test func headSaysWhatGetSays() async throws {
    try await LiveServer.run(contentCoding: Self.coding(encodersMax: 1)) {
      $0.add("/", Self.text)
      $0.add(.get, "/stream") { _ in
        ServerResponse(contentType: "text/plain", body: .stream(StreamedBody { writer in
          try await writer.write(Array(Self.text.utf8))
        }))
      }
    } _: { server in
      try await server.talk { client in
        for target in ["/", "/stream", "/", "/stream"] {
          try client.get(target, Self.asking)
          let get = try client.response()
          try client.get(target, Self.asking, method: "HEAD")
          let head = try client.response(isToHead: true)
          for name in ["content-length", "content-encoding", "transfer-encoding", "vary"] {
            #expect(head[name] == get[name], "\(name) of \(target)")
          }
          #expect(head["content-encoding"] == "gzip")
        }
      }
    }
  }
}

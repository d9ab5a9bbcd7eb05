import Bytes
import Gzip
import Sockets
import Testing

@testable import Telemetry

@Suite("HTTP transport", .timeLimit(.minutes(1)))
struct HTTPTransportTests {
  private let loop: EventLoop

  init() throws { loop = try EventLoop(name: "test") }

  private func request(
    _ endpoint: String, body: [UInt8] = [1, 2, 3], encoding: String? = nil,
    headers: [TelemetryConfiguration.HeaderField] = []
  ) throws -> OTLPRequest {
    OTLPRequest(
      endpoint: try OTLPEndpoint(parsing: endpoint), contentType: "application/x-protobuf",
      contentEncoding: encoding, headers: headers, body: body, responseBytesMax: 4 << 20)
  }

  private func transport(
    _ endpoint: String, _ change: (inout TelemetryConfiguration.OTLP) -> Void = { _ in }
  ) throws -> HTTPTransport {
    var otlp = TelemetryConfiguration.OTLP(signal: .traces)
    otlp.endpoint = try OTLPEndpoint(parsing: endpoint)
    change(&otlp)
    return HTTPTransport(otlp, loop: loop)
  }

  /// What became of one request to `endpoint`.
  private func sent(
    to endpoint: String, within time: Duration = .seconds(30),
    _ change: (inout TelemetryConfiguration.OTLP) -> Void = { _ in }
  ) async throws -> Result<OTLPResponse, OTLPTransportError> {
    let transport = try transport(endpoint, change)
    let request = try request(endpoint)
    return await loop.run {
      do throws(OTLPTransportError) {
        return .success(try await transport.send(request, deadline: .now() + time))
      } catch { return .failure(error) }
    }
  }

  @Test("a request on the wire", arguments: ["127.0.0.1", "::1"])
  func wire(host: String) async throws {
    let collector = try Collector(host: host)
    let endpoint = collector.endpoint + "/base/v1/traces?x=1"
    let transport = try transport(endpoint)
    let request = try request(
      endpoint, encoding: "gzip",
      headers: [TelemetryConfiguration.HeaderField(name: "api-key", value: "a b")])
    let response = try await loop.run { try await transport.send(request, deadline: .distantFuture) }
    #expect(response.status == 200)
    let seen = try #require(collector.requests.first)
    #expect(seen.line == "POST /base/v1/traces?x=1 HTTP/1.1")
    #expect(seen.fields["host"] == collector.endpoint.dropFirst(7).description)
    #expect(seen.fields["content-type"] == "application/x-protobuf")
    #expect(seen.fields["content-encoding"] == "gzip")
    #expect(seen.fields["content-length"] == "3" && seen.body == [1, 2, 3])
    #expect(seen.fields["api-key"] == "a b")
    #expect(seen.fields["user-agent"] == "OTel-OTLP-Exporter-Swift/\(TelemetryVersion.current)")
    #expect(seen.fields["transfer-encoding"] == nil)
  }

  @Test("a response: status, Retry-After, type, body")
  func response() async throws {
    let collector = try Collector { _, _ in
      .bytes(
        "HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Type: application/json\r\n"
          + "Content-Length: 2\r\n\r\n{}")
    }
    let response = try await sent(to: collector.endpoint).get()
    #expect(
      response
        == OTLPResponse(
          status: 503, retryAfter: "7", contentType: "application/json", body: Array("{}".utf8)))
  }

  @Test("requests share a connection; one that was closed while unused is no failure")
  func connections() async throws {
    let collector = try Collector { number, _ in
      number == 2 ? .hangUp("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n") : .status(200)
    }
    let transport = try transport(collector.endpoint)
    let request = try request(collector.endpoint)
    for _ in 0..<4 {
      let status = try await loop.run {
        try await transport.send(request, deadline: .now() + .seconds(30)).status
      }
      #expect(status == 200)
    }
    #expect(collector.requests.map(\.connection) == [1, 1, 2, 2])
  }

  @Test("nobody listens")
  func refused() async throws {
    let port = try RefusingPort()
    let result = try await sent(to: port.endpoint)
    guard case .failure(.connectionFailed(let reason)) = result else {
      return #expect(Bool(false), "\(result)")
    }
    #expect(reason.contains("refused"))
  }

  @Test("a name that does not exist")
  func unknownName() async throws {
    let result = try await sent(to: "http://no-such-host.invalid:4318")
    guard case .failure(.connectionFailed(let reason)) = result else {
      return #expect(Bool(false), "\(result)")
    }
    #expect(!reason.isEmpty)
  }

  @Test("a receiver that accepts and never answers")
  func silence() async throws {
    let collector = try Collector { _, _ in .silence }
    let result = try await sent(to: collector.endpoint, within: .milliseconds(50))
    // On a machine that is busy the time may be over before the connection is there.
    #expect([.timedOut, .connectionFailed("timed out connecting")].contains { result == .failure($0) })
  }

  @Test(
    "a connection that ends early is closed; what is no answer is invalid",
    arguments: [
      ("", true), ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab", true),
      ("HTTP/1.1 200 OK\r\nconte", true), ("SSH-2.0-x\r\n\r\n", false),
      ("HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab", false),
    ])
  func early(bytes: String, isClosed: Bool) async throws {
    let collector = try Collector { _, _ in .hangUp(bytes) }
    switch try await sent(to: collector.endpoint) {
    case .failure(.connectionClosed): #expect(isClosed)
    case .failure(.invalidResponse): #expect(!isClosed)
    case let other: Issue.record("\(other)")
    }
  }

  @Test("a response of the largest size, and one byte more")
  func responseSize() async throws {
    let collector = try Collector { _, request in
      .body("text/plain", String(repeating: "x", count: 1_000))
    }
    let fits = try await sent(to: collector.endpoint) { $0.responseBytesMax = 1_000 }
    #expect(try fits.get().body.count == 1_000)
    let result = try await sent(to: collector.endpoint) { $0.responseBytesMax = 999 }
    guard case .failure(.invalidResponse) = result else {
      return #expect(Bool(false), "\(result)")
    }
  }

  @Test("a task that is cancelled gives up at once")
  func cancelled() async throws {
    let collector = try Collector { _, _ in .silence }
    let transport = try transport(collector.endpoint)
    let request = try request(collector.endpoint)
    let task = Task(executorPreference: loop) {
      do throws(OTLPTransportError) {
        _ = try await transport.send(request, deadline: .distantFuture)
        return OTLPTransportError?.none
      } catch { return error }
    }
    while collector.requests.isEmpty { await Task.yield() }
    task.cancel()
    #expect(await task.value == .cancelled)
  }

  @Test("an answer may be compressed; one that is too large or none at all is an error for good")
  func compressedAnswer() async throws {
    func answer(_ content: [UInt8], bytesMax: Int) async throws
      -> Result<OTLPResponse, OTLPTransportError>
    {
      let head = """
        HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: GZIP\r\n\
        content-length: \(content.count)\r\n\r\n
        """
      let collector = try Collector { _, request in
        .raw(request.fields["accept-encoding"] == "gzip" ? Array(head.utf8) + content : [])
      }
      return try await sent(to: collector.endpoint) { $0.responseBytesMax = bytesMax }
    }
    var compressed = ByteQueue()
    Gzip.encode(Array(repeating: UInt8(7), count: 1_000).span, into: &compressed)
    let bytes = compressed.array()
    let taken = try await answer(bytes, bytesMax: 1_000).get()
    #expect(taken.body == Array(repeating: 7, count: 1_000))
    for (content, bytesMax) in [(bytes, 999), (Array(bytes.dropLast()), 1_000), ([1, 2], 1_000)] {
      guard case .failure(.invalidResponse) = try await answer(content, bytesMax: bytesMax) else {
        Issue.record("\(content.count) bytes were taken")
        continue
      }
    }
  }
}

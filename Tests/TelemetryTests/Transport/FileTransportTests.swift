import Foundation
import Sockets
import Testing

@testable import Telemetry

@Suite("Lines of OTLP/JSON", .timeLimit(.minutes(1)))
struct FileTransportTests {
  private let loop: EventLoop
  private let folder: TemporaryFolder

  init() throws {
    loop = try EventLoop(name: "test")
    folder = try TemporaryFolder()
  }

  private func send(
    _ body: String, _ transport: some OTLPTransport, within time: Duration = .seconds(30)
  ) async -> Result<Int, OTLPTransportError> {
    let request = OTLPRequest(
      endpoint: .localCollector, contentType: "application/json", contentEncoding: nil, headers: [],
      body: Array(body.utf8), responseBytesMax: 0)
    return await loop.run {
      do throws(OTLPTransportError) {
        return .success(try await transport.send(request, deadline: .now() + time).status)
      } catch { return .failure(error) }
    }
  }

  private func content(_ name: String) -> String? {
    try? String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
  }

  @Test("a line for each request, in a folder that is made; behind what is there")
  func lines() async throws {
    let path = folder.path + "/new/traces.jsonl"
    let transport = FileTransport(path: path, loop: loop)
    #expect(content("new/traces.jsonl") == nil)
    #expect(await send("{1}", transport) == .success(200))
    #expect(content("new/traces.jsonl") == "{1}\n")
    #expect(await send("{2}", FileTransport(path: path, loop: loop)) == .success(200))
    #expect(await send("{3}", transport) == .success(200))
    #expect(content("new/traces.jsonl") == "{1}\n{2}\n{3}\n")
  }

  @Test("a full file becomes the old one; a line is never cut")
  func rotation() async throws {
    let path = folder.path + "/t"
    let transport = FileTransport(path: path, fileBytesMax: 10, loop: loop)
    for body in ["1234", "5678"] { #expect(await send(body, transport) == .success(200)) }
    #expect(content("t") == "1234\n5678\n" && content("t.1") == nil)
    #expect(await send("9", transport) == .success(200))
    #expect(content("t") == "9\n" && content("t.1") == "1234\n5678\n")
    #expect(await send("a line longer than a file", transport) == .success(200))
    #expect(content("t") == "a line longer than a file\n" && content("t.1") == "9\n")
    // One that was left by another process is looked at first.
    let next = FileTransport(path: path, fileBytesMax: 10, loop: loop)
    #expect(await send("x", next) == .success(200))
    #expect(content("t") == "x\n" && content("t.1") == "a line longer than a file\n")
  }

  @Test("a place where nothing can be written is a failure that may pass")
  func unwritable() async throws {
    try folder.write("", to: "file")
    let path = folder.path + "/file/t"
    guard case .failure(.connectionFailed(let reason)) = await send(
      "1", FileTransport(path: path, loop: loop))
    else { return #expect(Bool(false), "written") }
    #expect(reason.contains(path))
    guard case .failure(.connectionFailed(let full)) = await send(
      "1", FileTransport(path: "/dev/full", loop: loop))
    else { return #expect(Bool(false), "written") }
    #expect(full.contains("/dev/full"))
  }

  @Test("standard output takes lines while there is room")
  func standardOutput() async throws {
    let pipe = try OutputPipe()
    let output = try StandardOutput(descriptor: pipe.writeEnd, bufferBytesMax: 10)
    let transport = LineTransport(output)
    #expect(await send("123456789", transport) == .success(200))
    _ = await output.drain(until: .now() + .seconds(30), on: loop)
    #expect(pipe.written() == "123456789\n")
    guard case .failure(.invalidResponse) = await send("1234567890", transport) else {
      return #expect(Bool(false), "written")
    }
    pipe.fill()
    // The writer takes what it can get, and then hangs in the pipe.
    var results: [Result<Int, OTLPTransportError>] = []
    for _ in 0..<5 { results.append(await send("12345678", transport)) }
    #expect(results.contains(.failure(.connectionFailed("it takes no more"))))
  }
}

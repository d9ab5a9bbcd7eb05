import HTTPClient
import HTTPServer
import Logging
import ServiceKit
import Sockets
import TestSupport
import Testing

/// How a service begins; how it ends, `Tests/Integration` shows with real signals.
@Suite(.timeLimit(.minutes(1))) struct ServiceRunnerTests {
  /// Runs a service that cannot begin.
  private func problem(host: String, port: String) async throws -> SettingError? {
    let configuration = try ServiceConfiguration(
      serviceName: "test-service", variablePrefix: "TEST", defaultPort: 1, coreCount: 1,
      settings: Settings(environment: ["TEST_HOST": host, "TEST_PORT": port]))
    let server = HTTPServer(loops: try EventLoopGroup.make(count: 2), router: Router())
    let runner = ServiceRunner(
      configuration, server: server, draining: DrainFlag(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return await #expect(throws: SettingError.self) { try await runner.run {} }
  }

  @Test func thePortIsTaken() async throws {
    let other = try await TestServer { _ in }
    let port = other.url.port
    #expect(
      try await problem(host: "127.0.0.1", port: "\(port)")
        == SettingError("TEST_PORT", "port \(port) is in use"))
    await other.stop()
  }

  @Test func theHostIsUnknown() async throws {
    let problem = try await problem(host: "host.invalid", port: "0")
    #expect(problem?.name == "TEST_HOST")
    #expect(problem?.problem.contains("host.invalid") == true)
  }

  @Test func theAddressIsNotOurs() async throws {
    #expect(
      try await problem(host: "192.0.2.1", port: "1")
        == SettingError("TEST_HOST", "cannot listen on 192.0.2.1:1: Cannot assign requested address"))
  }

  @Test func everyLoopIsAnother() throws {
    let loops = try EventLoopGroup.make(count: 3)
    #expect(loops.map(\.name) == ["loop-0", "loop-1", "loop-2"])
    for loop in loops { loop.stop() }
  }
}

import ArgumentParser
import HTTPClient
import HTTPTypes
import Sockets
import TLS

/// Asks a running service whether it is ready: for containers, which may have no other client.
struct HealthcheckCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "healthcheck",
      abstract: "Ask the service that runs with these settings whether it is ready.",
      discussion: "Exit code 0 says that it is; 1 that it is not, and one line says why.")
  }

  @Option(help: "Milliseconds to wait for the answer.")
  var timeout = 2000

  func validate() throws {
    guard (1...600_000).contains(timeout) else {
      throw ValidationError("--timeout is a number of milliseconds from 1 to 600000")
    }
  }

  func run() async throws {
    await Outcome.end(Program.name) {
      let configuration = Program.shared(try Program.configure(Settings.ofProcess()))
      let host = configuration.host == "*" ? "localhost" : configuration.host
      let url = HTTPURL(
        scheme: configuration.tls == nil ? .http : .https, host: host, port: configuration.port, target: "/health/ready")
      let loop = try EventLoop(name: "healthcheck")
      var client = HTTPClientConfiguration()
      // The certificate is for the service's name, which is not what its own machine calls it.
      client.tls = try configuration.tls.map { tls in
        try TLSClientContext(
          TLSClientConfiguration(
            verification: .none, identity: tls.configuration.identities.first))
      }
      let response = try await HTTPClient(configuration: client, homeLoop: loop).send(
        ClientRequest(.get, url), deadline: .now() + .milliseconds(timeout))
      guard response.status == .ok else {
        throw NotReady(answer: "\(url) answered \(response.status.code): "
          + String(decoding: response.body.prefix(500), as: UTF8.self))
      }
    }
  }

  private struct NotReady: Error, CustomStringConvertible {
    let answer: String
    var description: String { answer }
  }
}

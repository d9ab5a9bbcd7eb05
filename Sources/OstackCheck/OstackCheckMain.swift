import ArgumentParser
import Foundation
import HTTPClient
import Sockets
import StackCheck
import Telemetry

/// Places an order and proves, hop by hop, that its telemetry is where it should be.
@main
struct OstackCheckMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ostack-check",
    abstract: "Place an order and find its trace, log lines, metrics and exemplar in the stack.",
    discussion: """
      Each hop is asked until it answers as it should, or its deadline comes. A table says what \
      was found; below it, where to look for what was not. An address comes from its option, from the \
      environment (the name in brackets), or is the one that docker-compose.yml publishes. \
      Passwords come from the environment only: GRAFANA_ADMIN_USER, GRAFANA_ADMIN_PASSWORD \
      (admin, admin), S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY (admin, password).
      Exit codes: 0 every hop is proven, 1 there is a gap, 64 the command line cannot be used.
      """,
    version: TelemetryVersion.current)

  @OptionGroup var addresses: AddressOptions

  @Option(help: "Seconds that a hop may take.")
  var deadline = 60

  @Option(
    help: "A hop not to ask, such as bucket or elasticsearch in the light stack; may be repeated.")
  var without: [String] = []

  @Flag(help: "List the hops: what is asked, and for what.")
  var explain = false

  func validate() throws {
    guard (1...3600).contains(deadline) else {
      throw ValidationError("--deadline is a number of seconds from 1 to 3600")
    }
  }

  func run() async throws {
    let addresses = try addresses.resolved(ProcessInfo.processInfo.environment)
    let loop = try EventLoop(name: "check")
    let limit = Duration.seconds(deadline)
    let check = StackCheck(
      addresses, runner: HopRunner(CheckClient(HTTPClient(homeLoop: loop))) { _ in limit },
      ids: RandomIDGenerator(), leftOut: Set(without))
    let names = check.hops.map(\.name)
    if let unknown = without.first(where: { !names.contains($0) }) {
      throw ValidationError("no hop '\(unknown)'; there are: \(names.joined(separator: ", "))")
    }
    guard !explain else {
      for hop in check.hops {
        print("\(hop.name)\n  asks:  \(hop.asks)\n  for:   \(hop.looksFor)")
        print("  look:  \(hop.whereToLook)")
      }
      return
    }
    FileHandle.standardError.write(
      Data("ostack-check: follows an order, at most \(deadline) s for each hop\n".utf8))
    let report = await check.run()
    print(report.text)
    guard report.isWhole else { throw ExitCode(1) }
  }
}

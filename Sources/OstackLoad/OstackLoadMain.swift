import ArgumentParser
import Foundation
import HTTPClient
import LoadGenerator
import Sockets
import Telemetry
import UnixSignals

/// Sends the services requests at a stated rate, and says how long they took.
@main
struct OstackLoadMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ostack-load",
    abstract: "Send orders and other requests at a stated rate, and measure the answers.",
    discussion: """
      An open loop: requests are sent when their time has come, whatever the services do, and what \
      has to wait counts as slow. Every request begins a trace. Stock is added as it runs low. A \
      line a second goes to standard error; the table, or --json, to standard output.
      Exit codes: 0 all was sent and few enough failed, 1 not so, 64 the command line cannot be \
      used. SIGINT or SIGTERM ends the load early, with its results.
      """,
    version: TelemetryVersion.current)

  @Option(help: "Requests per second.")
  var rate = 50.0

  @Option(help: "Seconds; 0 goes on until it is told to stop.")
  var duration = 60

  @Option(help: "Requests under way at once, at the most.")
  var connections = 64

  @Option(help: "poisson (as many people come) or constant (at equal distances).")
  var arrivals = "poisson"

  @Option(help: "Repeats the same arrivals and the same mix; chosen when it is not given.")
  var seed: UInt64?

  @Option(
    help: """
      How often each endpoint is asked, in proportion: \
      order=40,list-products=35,list-orders=15,stock=8,unknown=2.
      """)
  var mix: String?

  @Option(help: "Milliseconds that one request may take.")
  var timeout = 10_000

  @Option(help: "Seconds that what is late may still be sent after the end.")
  var drain = 10

  @Option(help: "Per cent of the requests that may fail.")
  var failuresMax = 1.0

  @Flag(help: "Print the results as JSON.")
  var json = false

  @Option(help: "The order service (ORDER_SERVICE_URL).")
  var orderService: String?

  @Option(help: "The inventory service (INVENTORY_SERVICE_URL).")
  var inventoryService: String?

  func validate() throws { _ = try plan() }

  private func plan() throws -> LoadPlan {
    func require(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try require(rate > 0 && rate <= 100_000, "--rate is more than 0 and at most 100000")
    try require((0...86_400).contains(duration), "--duration is from 0 to 86400 seconds")
    try require((1...4096).contains(connections), "--connections is from 1 to 4096")
    try require((1...600_000).contains(timeout), "--timeout is from 1 to 600000 milliseconds")
    try require((0...3600).contains(drain), "--drain is from 0 to 3600 seconds")
    try require((0...100).contains(failuresMax), "--failures-max is from 0 to 100 per cent")
    guard let pattern = ArrivalPattern(rawValue: arrivals) else {
      throw ValidationError("--arrivals is poisson or constant")
    }
    var plan = LoadPlan(
      orderService: try url(orderService, "ORDER_SERVICE_URL", port: 8000),
      inventoryService: try url(inventoryService, "INVENTORY_SERVICE_URL", port: 8010))
    if let mix {
      guard let parsed = LoadMix(mix) else {
        let names = LoadEndpoint.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--mix is a list such as order=3,list-orders=1, of: \(names)")
      }
      plan.mix = parsed
    }
    plan.rate = rate
    plan.duration = duration == 0 ? nil : .seconds(duration)
    plan.connections = connections
    plan.arrivals = pattern
    plan.timeout = .milliseconds(timeout)
    plan.drain = .seconds(drain)
    plan.failuresMax = failuresMax / 100
    return plan
  }

  private func url(_ option: String?, _ variable: String, port: Int) throws -> HTTPURL {
    let value = ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    let text = option ?? value ?? "http://localhost:\(port)"
    guard let url = HTTPURL(text) else {
      throw ValidationError("\(variable): '\(text)' is no http or https URL")
    }
    return url
  }

  func run() async throws {
    var plan = try plan()
    plan.seed = seed ?? UInt64.random(in: 1...0xFFFF_FFFF)
    let generator = LoadGenerator(
      plan, loop: try EventLoop(name: "load"), ids: RandomIDGenerator())
    let signals = Task {
      for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { generator.stop() }
    }
    defer { signals.cancel() }
    let report: LoadReport
    do {
      report = try await generator.run { Self.tell($0.text) }
    } catch {
      Self.tell("ostack-load: \(error)")
      throw ExitCode(1)
    }
    FileHandle.standardOutput.write(json ? Data(report.json) : Data("\(report.text)\n".utf8))
    guard report.isGood else { throw ExitCode(1) }
  }

  private static func tell(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }
}

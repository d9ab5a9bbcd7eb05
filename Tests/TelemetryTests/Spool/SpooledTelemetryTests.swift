import CoreMetrics
import OTLP
import OTLPOracle
import Sockets
import Testing

@testable import Telemetry

@Suite("Spool: a whole telemetry", .timeLimit(.minutes(1)))
struct SpooledTelemetryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func bootstrapped(_ endpoint: String, directory: String? = nil) throws -> Bootstrapped {
    try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_BSP_SCHEDULE_DELAY": "3600000",
      "OTEL_BLRP_SCHEDULE_DELAY": "3600000", "OTEL_METRIC_EXPORT_INTERVAL": "3600000",
      "OTEL_SWIFT_OTLP_SPOOL_DIRECTORY": directory ?? folder.path + "/spool",
    ])
  }

  @Test("all three signals of a process whose receiver was away are sent by the next one")
  func nextProcess() async throws {
    let port = try RefusingPort()
    let dead = try bootstrapped(port.endpoint)
    dead.work(10)
    Counter(label: "orders", dimensions: [], factory: try #require(dead.telemetry.metrics).factory)
      .increment()
    #expect(await dead.telemetry.forceFlush(within: .seconds(30)) == false)
    #expect(await dead.telemetry.shutdown(within: .seconds(10)))
    let left = dead.telemetry.statistics
    #expect(left.traces.queued == 10 && left.logs.queued == 10)
    #expect(left.traces.dropped == [:] && left.logs.dropped == [:])
    #expect(left.spoolBytes ?? 0 > 0)

    let collector = try Collector()
    let next = try bootstrapped(collector.endpoint)
    func recovered(_ signal: TelemetryConfiguration.Signal) -> Int {
      let exporter = next.telemetry.statistics.exporters.first { $0.key.signal == signal }
      return exporter?.value.spool?.recovered.exported ?? 0
    }
    while recovered(.traces) < 10 || recovered(.logs) < 10 || recovered(.metrics) == 0 {
      await Task.yield()
    }
    let lines = collector.requests.map(\.line)
    for path in ["/v1/traces", "/v1/logs", "/v1/metrics"] {
      #expect(lines.contains("POST \(path) HTTP/1.1"))
    }
    let traces = try #require(collector.requests.first { $0.line.contains("traces") }).decoded()
    #expect(try traces.decoded()["resource_spans"][0]["scope_spans"][0]["spans"].list.count == 10)
    #expect(recovered(.traces) == 10 && recovered(.logs) == 10)
    #expect(await next.telemetry.shutdown(within: .seconds(30)))
    #expect(SpoolFile.names(in: folder.path + "/spool/shop") == [])
  }

  @Test("a flush and an end hold to their deadlines while the receiver says nothing")
  func deadlines() async throws {
    let collector = try Collector { _, _ in .silence }
    let bootstrapped = try bootstrapped(collector.endpoint)
    bootstrapped.work(100)
    #expect(await bootstrapped.telemetry.forceFlush(within: .milliseconds(50)) == false)
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(2)))
    let statistics = bootstrapped.telemetry.statistics
    #expect(statistics.traces.queued == 100 && statistics.traces.dropped == [:])
    #expect(statistics.logs.queued == 100 && statistics.logs.dropped == [:])
  }

  @Test("a directory that cannot be is said so, and everything goes on without")
  func impossible() async throws {
    try folder.write("x", to: "file")
    let collector = try Collector()
    let bootstrapped = try bootstrapped(collector.endpoint, directory: folder.path + "/file")
    bootstrapped.work(3)
    #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)))
    #expect(bootstrapped.diagnostics.all.first?.contains("no telemetry is kept on disk") == true)
    #expect(bootstrapped.telemetry.statistics.traces.exported == 3)
    #expect(bootstrapped.telemetry.statistics.spoolBytes == nil)
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
  }
}

import CoreMetrics
import Glibc
import Instrumentation
import Logging
import OTLP
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("Flush and shutdown", .timeLimit(.minutes(1)))
struct ShutdownTests {
  /// Nothing but the deadlines of flush and shutdown ends an export.
  private static let patient = [
    "OTEL_EXPORTER_OTLP_TIMEOUT": "0", "OTEL_BSP_EXPORT_TIMEOUT": "0",
    "OTEL_BLRP_EXPORT_TIMEOUT": "0", "OTEL_METRIC_EXPORT_TIMEOUT": "0",
    "OTEL_BSP_SCHEDULE_DELAY": "3600000", "OTEL_BLRP_SCHEDULE_DELAY": "3600000",
    "OTEL_METRIC_EXPORT_INTERVAL": "3600000",
  ]

  private static let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  private func bootstrapped(_ endpoint: String) throws -> Bootstrapped {
    try Bootstrapped(Self.patient.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": endpoint]) { $1 })
  }

  private func isAccounted(_ statistics: PipelineStatistics, ended: Int) -> Bool {
    statistics.ended == ended
      && statistics.exported + statistics.droppedTotal + statistics.queued == ended
  }

  @Test("a flush delivers all signals, and the work goes on")
  func flush() async throws {
    let collector = try Collector()
    let bootstrapped = try bootstrapped(collector.endpoint)
    for round in 1...2 {
      bootstrapped.work(10)
      #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)))
      let statistics = bootstrapped.telemetry.statistics
      #expect(statistics.traces.exported == 10 * round && statistics.logs.exported == 10 * round)
    }
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("swift-distributed-tracing's flush starts one too")
  func tracerFlush() async throws {
    let collector = try Collector()
    let bootstrapped = try bootstrapped(collector.endpoint)
    bootstrapped.work()
    bootstrapped.telemetry.tracer.forceFlush()
    while collector.requests.isEmpty { await Task.yield() }
    #expect(collector.requests.first?.line.contains("traces") == true)
    _ = await bootstrapped.telemetry.shutdown(within: .seconds(30))
  }

  @Test("it happens once, whoever asks; what comes later is dropped and counted, lines are written")
  func once() async throws {
    let collector = try Collector()
    let bootstrapped = try bootstrapped(collector.endpoint)
    let telemetry = bootstrapped.telemetry
    let late = telemetry.tracer.startSpan("late", context: .topLevel, kind: .server)
    bootstrapped.work(3)
    let results = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<3 { group.addTask { await telemetry.shutdown(within: .seconds(30)) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(results == [true, true, true])
    let requests = collector.requests.filter { !$0.line.contains("metrics") }
    #expect(requests.count == 2)
    late.end()
    bootstrapped.logger().info("too late")
    #expect(!telemetry.tracer.startSpan("n", context: .topLevel, kind: .server).isRecording)
    #expect(telemetry.statistics.traces.dropped == [.shutdown: 1])
    #expect(telemetry.statistics.logs.dropped == [.shutdown: 1])
    #expect(isAccounted(telemetry.statistics.traces, ended: 4))
    #expect(isAccounted(telemetry.statistics.logs, ended: 4))
    #expect(bootstrapped.pipe.written().contains("\"message\":\"too late\""))
    #expect(await telemetry.forceFlush(within: .seconds(30)))
    #expect(await telemetry.shutdown(within: .seconds(30)))
    #expect(collector.requests.filter { !$0.line.contains("metrics") }.count == 2)
  }

  @Test("a collector that accepts and never answers does not hold up the end")
  func silence() async throws {
    let collector = try Collector { _, _ in .silence }
    let bootstrapped = try bootstrapped(collector.endpoint)
    bootstrapped.work(1_000)
    let factory = try #require(bootstrapped.telemetry.metrics?.factory)
    Counter(label: "orders", dimensions: [], factory: factory).increment()
    #expect(await bootstrapped.telemetry.forceFlush(within: .milliseconds(50)) == false)
    #expect(await bootstrapped.telemetry.shutdown(within: .milliseconds(300)) == false)
    // The later call sees the end that the first one's deadline brought.
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)) == false)
    let statistics = bootstrapped.telemetry.statistics
    #expect(statistics.exporters.count == 3)
    #expect(statistics.exporters.values.allSatisfy { $0.inFlight == 0 })
    #expect(statistics.traces.dropped == [.shutdown: 1_000] && statistics.traces.queued == 0)
    #expect(statistics.logs.dropped == [.shutdown: 1_000] && statistics.logs.queued == 0)
    #expect(isAccounted(statistics.traces, ended: 1_000))
  }

  @Test("a collector that is not there is tried, not waited for")
  func refused() async throws {
    let port = try RefusingPort()
    let bootstrapped = try bootstrapped(port.endpoint)
    bootstrapped.work(100)
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(50)) == false)
    let statistics = bootstrapped.telemetry.statistics
    #expect(statistics.traces.dropped == [.shutdown: 100])
    #expect(statistics.logs.dropped == [.shutdown: 100])
    let lines = bootstrapped.diagnostics.all
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.contains("cannot reach \(port.endpoint)") == true)
  }

  @Test("exporters' own troubles make no log records: nothing feeds on itself")
  func noFeedback() async throws {
    let collector = try Collector { _, _ in .status(400) }
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint, "OTEL_BLRP_SCHEDULE_DELAY": "1",
      "OTEL_BSP_SCHEDULE_DELAY": "1",
    ])
    for _ in 0..<20 {
      bootstrapped.work()
      #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)) == false)
    }
    _ = await bootstrapped.telemetry.shutdown(within: .seconds(30))
    #expect(bootstrapped.telemetry.statistics.logs.ended == 20)
    #expect(bootstrapped.telemetry.statistics.traces.ended == 20)
    #expect(bootstrapped.pipe.written().split(separator: "\n").count == 20)
    // One line for each signal that was refused, however often.
    #expect(bootstrapped.diagnostics.all.count <= 3)
  }

  @Test("standard output that takes nothing does not hold up the end")
  func stuckOutput() async throws {
    let collector = try Collector()
    let bootstrapped = try bootstrapped(collector.endpoint)
    bootstrapped.pipe.fill()
    bootstrapped.work()
    #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(1)) == false)
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(1)) == false)
    #expect(bootstrapped.telemetry.statistics.traces.exported == 1)
    _ = bootstrapped.pipe.written()
  }

  @Test("installing twice is a clear error, and the first stays")
  func twice() async {
    // The APIs take a backend once in a process, so this needs one of its own.
    await #expect(processExitsWith: .success) {
      let first = try Bootstrapped(["TELEMETRY": "console"])
      let second = try Bootstrapped(["TELEMETRY": "console"])
      guard Telemetry.installed == nil else { exit(5) }
      try first.telemetry.install(
        metadataProvider: Logger.MetadataProvider { ["provided": "yes"] })
      do throws(TelemetryError) {
        try second.telemetry.install()
        exit(2)
      } catch {
        guard case .alreadyInstalled = error, error.description.contains("already") else { exit(3) }
      }
      // The one that was installed stands behind all three APIs, propagation included.
      guard Telemetry.installed === first.telemetry,
        MetricsSystem.factory is TelemetryMetricsFactory,
        InstrumentationSystem.instrument.extracted(["traceparent": Self.traceparent])
          .spanContext?.spanID == SpanID(0xB7AD_6B71_6920_3331)
      else { exit(6) }
      Logger(label: "x").info("hello")
      _ = await first.telemetry.shutdown(within: .seconds(30))
      let text = first.pipe.written()
      exit(text.contains("hello") && text.contains("provided=yes") ? 0 : 4)
    }
  }
}

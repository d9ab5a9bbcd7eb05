import CoreMetrics
import OTLP
import Sockets
import Synchronization
import Testing

@testable import Telemetry

/// Takes metrics, and answers as told.
private final class AnsweringMetricExporter: PushMetricExporter {
  let kept = InMemoryMetricExporter()
  let calls = CallNotes()
  private let answer: @Sendable () async -> ExportOutcome

  init(_ answer: @escaping @Sendable () async -> ExportOutcome = { .success }) {
    self.answer = answer
  }

  func export(_ metrics: [ScopeMetrics], of resource: ResourceMessage) async -> ExportOutcome {
    calls.begin("export of \(resource["service.name"] ?? "?")")
    defer { calls.end() }
    let outcome = await answer()
    return outcome == .success ? await kept.export(metrics, of: resource) : outcome
  }

  func forceFlush(within time: Duration) async -> FlushResult {
    calls.note("flush")
    return .success
  }

  func shutdown(within time: Duration) async -> FlushResult {
    calls.note("shutdown")
    return await kept.shutdown(within: time)
  }
}

@Suite("A program's own metric exporters", .timeLimit(.minutes(1)))
struct MetricExporterTests {
  private let scope = InstrumentationScope(
    name: "part", version: "2", attributes: [Attribute("a", 1)], schemaURL: "url")

  @Test("aggregated points with their scope and resource; flush and shutdown reach the exporter")
  func exports() async throws {
    let exporter = AnsweringMetricExporter()
    let own = try OwnTelemetry { $0.metricExporters = [PluggedMetricExporter(exporter)] }
    let counter = own.telemetry.meter(scope).counter("orders", unit: "{order}")
    for _ in 0..<3 { counter.add(2) }
    #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    #expect(exporter.kept["orders"]?.numbers.map(\.value) == [.int(6)])
    #expect(exporter.kept["orders"]?.unit == "{order}" && exporter.kept["other"] == nil)
    #expect(exporter.kept.batches.first?.map(\.scope).contains(scope) == true)
    #expect(exporter.calls.all == ["export of string(\"shop\")", "flush"])
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.calls.all.last == "shutdown" && exporter.calls.concurrencyMax == 1)
    #expect(await exporter.kept.export([], of: .empty) == .failure, "after the shutdown")
  }

  @Test("readers do not touch each other, and each has settings of its own")
  func readers() async throws {
    let (delta, cumulative) = (InMemoryMetricExporter(), InMemoryMetricExporter())
    var settings = MetricReaderSettings()
    settings.temporality = .delta
    settings.aggregations = [.histogram: .sum]
    let own = try OwnTelemetry {
      $0.metricExporters = [
        PluggedMetricExporter(delta, settings: settings), PluggedMetricExporter(cumulative),
      ]
    }
    let meter = own.telemetry.meter(scope)
    let counter = meter.counter("orders")
    for _ in 0..<2 {
      counter.add(5)
      meter.histogram("sizes").record(3)
      #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    }
    #expect(delta["orders"]?.numbers.map(\.value) == [.int(5)])
    #expect(cumulative["orders"]?.numbers.map(\.value) == [.int(10)])
    #expect(delta["sizes"]?.numbers.map(\.value) == [.double(3)])
    #expect(cumulative["sizes"]?.histograms.map(\.count) == [2])
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("an export that fails is a flush that fails")
  func failure() async throws {
    let exporter = AnsweringMetricExporter { .failure }
    let own = try OwnTelemetry { $0.metricExporters = [PluggedMetricExporter(exporter)] }
    own.telemetry.meter(scope).counter("orders").add()
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false)
    #expect(await own.telemetry.shutdown(within: .seconds(30)) == false)
  }

  @Test("an exporter that does not come back holds up neither flush nor end, nor is called again")
  func stuck() async throws {
    let continuations = Mutex<[CheckedContinuation<Void, Never>]>([])
    let exporter = AnsweringMetricExporter {
      await withCheckedContinuation { one in continuations.withLock { $0.append(one) } }
      return .success
    }
    let own = try OwnTelemetry(
      { $0.metricExporters = [PluggedMetricExporter(exporter)] },
      configuration: { $0.metrics.exportTimeout = .milliseconds(50) })
    own.telemetry.meter(scope).counter("orders").add()
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false)
    #expect(await own.telemetry.shutdown(within: .seconds(30)) == false)
    #expect(exporter.calls.all.filter { $0.hasPrefix("export") }.count == 1)
    for one in continuations.withLock({ $0 }) { one.resume() }
  }

  private struct Flushed: PushMetricExporter {
    let result: FlushResult?

    func export(
      _ metrics: [ScopeMetrics], of resource: ResourceMessage
    ) async -> ExportOutcome { .success }

    func forceFlush(within time: Duration) async -> FlushResult {
      if let result { return result }
      try? await Task.sleep(for: .seconds(3_600))
      return .success
    }

    func shutdown(within time: Duration) async -> FlushResult { await forceFlush(within: time) }
  }

  @Test(
    "a flush says whether it succeeded, failed or took too long",
    arguments: [FlushResult.success, .failure, nil] as [FlushResult?])
  func flushResults(result: FlushResult?) async throws {
    let loop = try EventLoop(name: "test")
    let exporter = PluggedMetricExporter(Flushed(result: result))
      .exporter(resource: .empty, loop: loop)
    func deadline() -> MonotonicInstant {
      .now() + (result == nil ? .milliseconds(20) : .seconds(30))
    }
    #expect(await exporter.forceFlush(deadline: deadline()) == result ?? .timeout)
    #expect(await exporter.shutdown(deadline: deadline()) == result ?? .timeout)
  }

  @Test("without metrics there are meters all the same; what they measure goes nowhere")
  func disabled() async throws {
    let own = try OwnTelemetry { _ in }
    let counter = own.telemetry.meter(scope).counter("orders")
    counter.add()
    #expect(!counter.isEnabled && own.telemetry.meter(scope).scope == scope)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }
}

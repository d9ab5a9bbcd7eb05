import OTLP
import ServiceContextModule
import Sockets
import Synchronization
import Testing

@testable import Telemetry

@Suite("A program's own span exporters", .timeLimit(.minutes(1)))
struct SpanExporterTests {
  private func patient(_ change: (inout TelemetryConfiguration.Batching) -> Void = { _ in })
    -> TelemetryConfiguration.Batching
  {
    var batching = TelemetryConfiguration.Batching(scheduleDelay: .seconds(3_600))
    change(&batching)
    return batching
  }

  @Test("kept in memory: the span, its scope and its resource")
  func inMemory() async throws {
    let exporter = InMemorySpanExporter()
    let own = try OwnTelemetry { $0.spanExporters = [.batch(exporter)] }
    own.spans(1)
    let scope = InstrumentationScope(
      name: "part", version: "2", attributes: [Attribute("a", 1)], schemaURL: "url")
    own.telemetry.tracer(scope).startSpan("other", context: .topLevel, kind: .client).end()
    #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    #expect(exporter.spans.map(\.record.name) == ["op", "other"])
    #expect(exporter.spans.map(\.scope) == [InstrumentationScope(name: "shop", version: "1"), scope])
    #expect(exporter.spans.first?.resource["service.name"] == "shop")
    exporter.removeAll()
    #expect(exporter.spans.isEmpty)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(await exporter.export([]) == .failure, "after the shutdown")
  }

  @Test("simple: every span at once and by itself, one after the other, without a flush")
  func simple() async throws {
    let exporter = AnsweringSpanExporter()
    let own = try OwnTelemetry { $0.spanExporters = [.simple(exporter)] }
    own.spans(50)
    while exporter.kept.spans.count < 50 { await Task.yield() }
    #expect(exporter.calls.all == Array(repeating: "export 1", count: 50))
    #expect(exporter.calls.concurrencyMax == 1)
    let component = try #require(own.telemetry.statistics.processors.keys.first)
    #expect(component.type == "simple_span_processor")
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("batches: as many as one may have at once, the rest with a flush, never two at a time")
  func batches() async throws {
    let exporter = AnsweringSpanExporter()
    let own = try OwnTelemetry {
      $0.spanExporters = [.batch(exporter, patient { $0.batchRecordsMax = 10 })]
    }
    own.spans(25)
    while exporter.kept.spans.count < 20 { await Task.yield() }
    #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    #expect(exporter.calls.all == ["export 10", "export 10", "export 5", "flush"])
    #expect(exporter.calls.concurrencyMax == 1)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.calls.all.last == "shutdown")
    own.spans(1)
    #expect(exporter.kept.spans.count == 25)
  }

  @Test("the schedule delay exports what waits")
  func delay() async throws {
    let exporter = AnsweringSpanExporter()
    let own = try OwnTelemetry {
      $0.spanExporters = [.batch(exporter, .init(scheduleDelay: .milliseconds(1)))]
    }
    own.spans(1)
    while exporter.kept.spans.isEmpty { await Task.yield() }
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("a full queue drops and counts; the exporter gets what was there first")
  func overload() async throws {
    let gate = Completion()
    let loop = try EventLoop(name: "test")
    let exporter = AnsweringSpanExporter { _ in
      _ = await gate.wait(until: .now() + .seconds(30), on: loop)
      return .success
    }
    let own = try OwnTelemetry {
      $0.spanExporters = [
        .batch(exporter, patient { ($0.queueRecordsMax, $0.batchRecordsMax) = (10, 10) })
      ]
    }
    own.spans(10)
    while exporter.calls.all.isEmpty { await Task.yield() }
    own.spans(15)
    gate.complete()
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.kept.spans.count == 20)
    let statistics = try #require(own.telemetry.statistics.processors.values.first)
    #expect(statistics.dropped == [.queueFull: 5] && statistics.handedOver == 20)
    #expect(statistics.queueCapacity == 10 && statistics.queueSize == 0)
    #expect(own.telemetry.statistics.traces.ended == 25)
  }

  @Test("what fails is lost, a flush says so, and the next batch goes on")
  func failure() async throws {
    let fails = Mutex(true)
    let exporter = AnsweringSpanExporter { _ in fails.withLock { $0 } ? .failure : .success }
    let own = try OwnTelemetry { $0.spanExporters = [.batch(exporter, patient())] }
    own.spans(1, "lost")
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false)
    fails.withLock { $0 = false }
    own.spans(1, "kept")
    #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    #expect(exporter.kept.spans.map(\.record.name) == ["kept"])
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("an exporter that does not come back holds up neither flush nor end, nor is called again")
  func stuck() async throws {
    let continuations = Mutex<[CheckedContinuation<Void, Never>]>([])
    let exporter = AnsweringSpanExporter { _ in
      await withCheckedContinuation { one in continuations.withLock { $0.append(one) } }
      return .success
    }
    let own = try OwnTelemetry {
      $0.spanExporters = [.batch(exporter, patient { $0.exportTimeout = .milliseconds(20) })]
    }
    own.spans(1)
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false, "its time was over")
    own.spans(1)
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false)
    #expect(exporter.calls.all.filter { $0.hasPrefix("export") } == ["export 1"])
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    for one in continuations.withLock({ $0 }) { one.resume() }
  }

  @Test("several exporters, and configured ones beside them: each gets every sampled span")
  func several() async throws {
    let (first, second) = (InMemorySpanExporter(), InMemorySpanExporter())
    let folder = try TemporaryFolder()
    let own = try OwnTelemetry(
      { environment in
        environment.spanExporters = [.simple(first), .batch(second)]
        environment.sampler = AlwaysRecordSampler(root: AlwaysOnSampler())
      },
      configuration: {
        $0.traces.exporters = [.otlpFile]
        $0.fileDirectory = folder.path
      })
    own.spans(3)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(first.spans.count == 3 && second.spans.count == 3)
    #expect(try folder.read("traces.jsonl").contains("\"op\""))
  }

  @Test("spans that are recorded and not sampled are for processors, not for exporters")
  func recordOnly() async throws {
    let exporter = InMemorySpanExporter()
    let processor = RecordingSpanProcessor()
    let own = try OwnTelemetry {
      $0.spanExporters = [.simple(exporter)]
      $0.spanProcessors = [processor]
      $0.sampler = AlwaysRecordSampler(root: AlwaysOffSampler())
    }
    own.spans(1)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.spans.isEmpty && processor.spans.count == 1)
  }

  @Test("disabled: nothing is recorded for them")
  func disabled() async throws {
    let exporter = InMemorySpanExporter()
    let own = try OwnTelemetry(disabled: true) { $0.spanExporters = [.simple(exporter)] }
    own.spans(1)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.spans.isEmpty)
  }
}

import Logging
import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

/// Changes records, and notes what it saw.
private final class ChangingProcessor: LogRecordProcessor {
  let calls = CallNotes()
  private let change: @Sendable (inout LogRecord) -> Void

  init(_ change: @escaping @Sendable (inout LogRecord) -> Void) { self.change = change }

  func onEmit(_ record: inout LogRecord, scope: ScopeReference, context: ServiceContext) {
    let parent = context.spanContext.map { " in \($0.spanID.value)" } ?? ""
    calls.note("\(scope.scope.name): \(record.body)\(parent)")
    change(&record)
  }

  func forceFlush(within time: Duration) async -> FlushResult {
    calls.note("flush")
    return .success
  }

  func shutdown(within time: Duration) async -> FlushResult {
    calls.note("shutdown")
    return .failure
  }
}

/// Fails every export.
private struct FailingExporter: LogRecordExporter {
  func export(_ records: [ReadableLogRecord]) async -> ExportOutcome { .failure }
}

@Suite("Log record processors and exporters", .timeLimit(.minutes(1)))
struct LogRecordProcessorTests {
  @Test("each sees what those before it changed, and so do lines and exporters")
  func changes() async throws {
    let pipe = try OutputPipe()
    let first = ChangingProcessor { $0.body = "changed" }
    let second = ChangingProcessor { $0.attributes.append(Attribute("k", 1)) }
    let exporter = InMemoryLogRecordExporter()
    let own = try OwnTelemetry {
      $0.logRecordProcessors = [first, second]
      $0.logRecordExporters = [.simple(exporter)]
      $0.outputDescriptor = pipe.writeEnd
    }
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      Logger(label: "app") { own.telemetry.makeLogHandler(label: $0) }.info("hello")
    }
    #expect(await own.telemetry.forceFlush(within: .seconds(30)))
    #expect(first.calls.all == ["app: hello in 7", "flush"])
    #expect(second.calls.all == ["app: changed in 7", "flush"])
    #expect(exporter.records.map(\.record.body) == ["changed"])
    #expect(exporter.records.first?.record.attributes == [Attribute("k", 1)])
    #expect(pipe.written().contains("\"message\":\"changed\""))
    #expect(await own.telemetry.shutdown(within: .seconds(30)) == false, "a processor failed")
    #expect(first.calls.all.last == "shutdown")
  }

  @Test("simple: every record at once and by itself; batches: as many as one may have")
  func exporters() async throws {
    let (simple, batch) = (InMemoryLogRecordExporter(), InMemoryLogRecordExporter())
    var batching = TelemetryConfiguration.Batching(scheduleDelay: .seconds(3_600))
    batching.batchRecordsMax = 10
    let own = try OwnTelemetry {
      $0.logRecordExporters = [.simple(simple), .batch(batch, batching)]
    }
    let logger = own.telemetry.logger(InstrumentationScope(name: "part"))
    for number in 0..<15 { logger.emit(LogRecord("\(number)")) }
    while simple.records.count < 15 || batch.records.count < 10 { await Task.yield() }
    #expect(simple.records.map(\.record.body) == (0..<15).map { "\($0)" })
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(batch.records.map(\.record.body) == (0..<15).map { "\($0)" })
    let types = own.telemetry.statistics.processors.keys.map(\.type).sorted()
    #expect(types == ["batching_log_processor", "simple_log_processor"])
    #expect(await simple.export([]) == .failure, "after the shutdown")
  }

  @Test("an exporter that fails: a flush says so")
  func failure() async throws {
    // Nothing is exported before it is flushed.
    let batching = TelemetryConfiguration.Batching(scheduleDelay: .seconds(3_600))
    let own = try OwnTelemetry { $0.logRecordExporters = [.batch(FailingExporter(), batching)] }
    own.telemetry.logger(InstrumentationScope(name: "part")).emit(LogRecord("hello"))
    #expect(await own.telemetry.forceFlush(within: .seconds(30)) == false)
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
  }
}

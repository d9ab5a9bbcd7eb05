import Foundation
import OTLP
import ServiceContextModule
import Synchronization
import Testing

@testable import Telemetry

/// Changes every span that is about to end, and tries what must not work.
private final class EndingProcessor: SpanProcessor {
  private let state = Mutex((seen: [SpanRecord](), wasRecording: [Bool]()))
  private let change: @Sendable (TelemetrySpan) -> Void

  init(_ change: @escaping @Sendable (TelemetrySpan) -> Void) { self.change = change }

  var ended: [SpanRecord] { state.withLock { $0.seen } }
  var wasRecording: [Bool] { state.withLock { $0.wasRecording } }
  var observesEnding: Bool { true }

  func onEnding(_ span: TelemetrySpan) {
    let isRecording = span.isRecording
    state.withLock { $0.wasRecording.append(isRecording) }
    change(span)
  }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    let span = copy span
    state.withLock { $0.seen.append(span) }
  }
}

/// Notes flushes and shutdowns, and answers as told.
private final class FlushedProcessor: SpanProcessor {
  private let notes = Mutex<[String]>([])
  private let result: FlushResult

  init(_ result: FlushResult) { self.result = result }

  var calls: [String] { notes.withLock { $0 } }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {}

  func forceFlush(within time: Duration) async -> FlushResult {
    notes.withLock { $0.append(time > .zero ? "flush" : "late") }
    return result
  }

  func shutdown(within time: Duration) async -> FlushResult {
    notes.withLock { $0.append("shutdown") }
    return result
  }
}

/// Never comes back.
private struct StuckProcessor: SpanProcessor {
  let gate = Completion()

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {}

  func forceFlush(within time: Duration) async -> FlushResult {
    await withCheckedContinuation { continuation in Self.kept.withLock { $0.append(continuation) } }
  }

  static let kept = Mutex<[CheckedContinuation<FlushResult, Never>]>([])
}

@Suite("Span processors", .timeLimit(.minutes(1)))
struct SpanProcessorTests {
  private func tracer(_ processor: any SpanProcessor) -> TelemetryTracer {
    let provider = TracerProvider(
      scopes: ScopeTable(), processor: processor, unixNanoseconds: { 1_000 })
    return TelemetryTracer(
      provider: provider, scope: InstrumentationScope(name: "test", version: "1"),
      propagator: TraceContextPropagator())
  }

  @Test("before a span is handed on, processors may change it: its end is set, and stays")
  func onEnding() throws {
    let processor = EndingProcessor { span in
      span.setAttribute("late", 1)
      span.addEvent("last")
      span.name = "renamed"
      span.setStatus(.error, message: "why")
      span.end(at: 99)
    }
    let span = tracer(processor).startSpan("op", context: .topLevel, kind: .server)
    span.end(at: 2_000)
    span.setAttribute("too late", 1)
    #expect(processor.wasRecording == [true] && !span.isRecording)
    let record = try #require(processor.ended.first)
    #expect(processor.ended.count == 1)
    #expect(record.attributes == [Attribute("late", 1)] && record.events.count == 1)
    #expect(record.name == "renamed" && record.statusMessage == "why")
    #expect(record.endUnixNanoseconds == 2_000)
  }

  @Test("while a span is ending, only the thread that ends it may change it")
  func onEndingElsewhere() async throws {
    let (inside, ended) = (Completion(), Completion())
    let tried = DispatchSemaphore(value: 0)
    let processor = EndingProcessor { _ in
      inside.complete()
      tried.wait()
    }
    let span = tracer(processor).startSpan("op", context: .topLevel, kind: .server)
    // A thread of its own: it waits for this one.
    Thread.detachNewThread {
      span.end()
      ended.complete()
    }
    while !inside.isComplete { await Task.yield() }
    span.setAttribute("from elsewhere", 1)
    let isRecording = span.isRecording
    tried.signal()
    while !ended.isComplete { await Task.yield() }
    #expect(!isRecording)
    #expect(try #require(processor.ended.first).attributes.isEmpty)
  }

  @Test("the parent's context is what onStart gets")
  func onStart() {
    let processor = ObservingSpanProcessor()
    let tracer = tracer(processor)
    let parent = tracer.startSpan("p", context: .topLevel, kind: .server)
    tracer.startSpan("c", context: parent.context, kind: .client).end()
    #expect(processor.events == ["p begins", "c begins in p", "c ends"])
  }

  @Test("several processors: each gets every call, in order")
  func list() {
    let (first, second) = (ObservingSpanProcessor(), EndingProcessor { $0.setAttribute("k", 1) })
    let list = SpanProcessorList([first, second])
    #expect(list.observesStart && list.observesEnding)
    tracer(list).startSpan("op", context: .topLevel, kind: .server).end()
    #expect(first.events == ["op begins", "op ends"])
    #expect(second.ended.map(\.attributes) == [[Attribute("k", 1)]])
  }

  @Test("a flush and the shutdown reach the program's processors, and their answers count")
  func flushAndShutdown() async throws {
    for result in [FlushResult.success, .failure, .timeout] {
      let (answering, other) = (FlushedProcessor(result), FlushedProcessor(.success))
      let bootstrapped = try Bootstrapped(
        ["OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"],
        processors: [answering, other])
      let isSuccess = result == .success
      #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)) == isSuccess)
      #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)) == isSuccess)
      #expect(answering.calls == ["flush", "shutdown"] && other.calls == answering.calls)
    }
  }

  @Test("a processor that never comes back does not hold up a flush beyond its time")
  func stuck() async throws {
    let bootstrapped = try Bootstrapped(
      ["OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none"],
      processors: [StuckProcessor()])
    #expect(await bootstrapped.telemetry.forceFlush(within: .milliseconds(50)) == false)
    #expect(await bootstrapped.telemetry.shutdown(within: .milliseconds(50)) == false)
    for kept in StuckProcessor.kept.withLock({ $0 }) { kept.resume(returning: .success) }
  }

  @Test("results joined: a failure beats a timeout, that beats success")
  func results() {
    #expect(FlushResult.success.and(.success) == .success)
    #expect(FlushResult.success.and(.timeout) == .timeout)
    #expect(FlushResult.timeout.and(.failure) == .failure)
    #expect(FlushResult.failure.and(.success) == .failure)
  }
}

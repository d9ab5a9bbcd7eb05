import Instrumentation
import OTLP
import ServiceContextModule
import Sockets
import Testing
import Tracing

@testable import Telemetry

@Suite("Tracer")
struct TracerTests {
  private let recorded = RecordedTracer()

  private func remote(_ flags: TraceFlags, traceState: String = "") -> ServiceContext {
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 5, low: 6), spanID: SpanID(7), flags: flags, traceState: traceState,
      isRemote: true)
    return context
  }

  @Test("a root span: new ids, sampled and random flags, no parent")
  func root() throws {
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .server)
    #expect(span.isRecording)
    span.end()
    let record = try #require(recorded.ended.first)
    #expect(record.traceID.isValid && record.spanID.isValid && !record.parentSpanID.isValid)
    #expect(span.spanContext.flags == [.sampled, .random])
    #expect(record.flags == 0x103)
    #expect(record.name == "op" && record.kind == .server)
    #expect(record.startUnixNanoseconds == 1_000 && record.endUnixNanoseconds == 1_000)
    #expect(!span.spanContext.isRemote)
  }

  @Test("a child of a local span: same trace, its parent's id, no remote bit")
  func child() throws {
    let parent = recorded.tracer.startSpan("parent", context: .topLevel, kind: .internal)
    let child = recorded.tracer.startSpan("child", context: parent.context, kind: .internal)
    child.end()
    let record = try #require(recorded.ended.first)
    #expect(record.traceID == parent.spanContext.traceID)
    #expect(record.parentSpanID == parent.spanContext.spanID)
    #expect(record.spanID != parent.spanContext.spanID)
    #expect(record.flags == 0x103)
  }

  @Test(
    "a child of a remote span keeps the random flag as it came",
    arguments: [
      (TraceFlags([.sampled]), 0x301), (TraceFlags([.sampled, .random]), 0x303),
      (TraceFlags(rawValue: 0xFD), 0x301),
    ] as [(TraceFlags, UInt32)])
  func remoteParent(flags: TraceFlags, expected: UInt32) throws {
    let span = recorded.tracer.startSpan(
      "op", context: remote(flags, traceState: "v=1"), kind: .server)
    span.end()
    let record = try #require(recorded.ended.first)
    #expect(record.traceID == TraceID(high: 5, low: 6))
    #expect(record.parentSpanID == SpanID(7))
    #expect(record.traceState == "v=1" && span.spanContext.traceState == "v=1")
    #expect(record.flags == expected)
    #expect(!span.spanContext.isRemote)
  }

  @Test("a dropped span has an id of its own and hands on an unsampled context")
  func dropped() {
    let span = recorded.tracer.startSpan("op", context: remote([.random]), kind: .server)
    #expect(!span.isRecording)
    #expect(span.spanContext.traceID == TraceID(high: 5, low: 6))
    #expect(span.spanContext.spanID.isValid && span.spanContext.spanID != SpanID(7))
    #expect(span.spanContext.flags == [.random])
    #expect(span.context.activeSpan === span)
    span.end()
    #expect(recorded.ended.isEmpty)
    #expect(recorded.provider.startedCount == 0 && recorded.provider.endedCount == 0)
  }

  @Test("a span recorded only is seen by processors, not flagged, and left alone by exporters")
  func recordOnly() async throws {
    struct RecordOnly: Sampler {
      let description = "RecordOnly"
      func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
        SamplingResult(.recordOnly, attributes: [Attribute("why", "test")], traceState: "new=1")
      }
    }
    let recorded = RecordedTracer(sampler: RecordOnly())
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .internal)
    #expect(span.isRecording && !span.spanContext.isSampled)
    #expect(span.spanContext.traceState == "new=1")
    #expect(span.withRecord { $0.attributes } == [Attribute("why", "test")])
    #expect(recorded.provider.liveCount == 1)
    span.end()
    let record = try #require(recorded.ended.first)
    #expect(!record.isSampled && recorded.provider.liveCount == 0)
    #expect(recorded.provider.startedCount == 0 && recorded.provider.endedCount == 0)
    let pipeline = try Pipeline()
    BatchSpanProcessor(pipeline.processor).onEnd(record, scope: ScopeReference(0, in: ScopeTable()))
    #expect(pipeline.processor.queue.waitingCount == 0)
    let pipe = try OutputPipe()
    let output = try StandardOutput(descriptor: pipe.writeEnd)
    ConsoleSpanProcessor(output: output, style: ConsoleStyle(isColoured: false))
      .onEnd(record, scope: ScopeReference(0, in: ScopeTable()))
    output.close()
    #expect(await output.drain(until: .now() + .seconds(30), on: pipeline.loop))
    #expect(pipe.written() == "")
  }

  @Test("an invalid parent is no parent")
  func invalidParent() throws {
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: .invalid, spanID: SpanID(7), flags: .sampled, isRemote: true)
    recorded.tracer.startSpan("op", context: context, kind: .internal).end()
    let record = try #require(recorded.ended.first)
    #expect(!record.parentSpanID.isValid && record.traceID.isValid)
  }

  @Test("a provider that nobody listens to, or that is shut down, hands the context on")
  func disabled() {
    let silent = TelemetryTracer(
      provider: TracerProvider(scopes: ScopeTable(), processor: nil),
      scope: InstrumentationScope(name: "x"), propagator: NoOpInstrument())
    recorded.provider.shutdown()
    for tracer in [silent, recorded.tracer] {
      let span = tracer.startSpan("op", context: remote(.sampled), kind: .server)
      #expect(!span.isRecording)
      #expect(span.spanContext.spanID == SpanID(7) && span.spanContext.isSampled)
      #expect(!tracer.startSpan("op", context: .topLevel, kind: .server).spanContext.isValid)
    }
  }

  @Test("started, ended and live spans are counted")
  func counts() {
    let spans = (0..<3).map { _ in
      recorded.tracer.startSpan("op", context: .topLevel, kind: .internal)
    }
    spans[0].end()
    spans[0].end()
    #expect(recorded.provider.startedCount == 3)
    #expect(recorded.provider.endedCount == 1)
    #expect(recorded.ended.count == 1)
  }

  @Test("through swift-distributed-tracing: nesting, kind, errors")
  func tracingAPI() async throws {
    struct Broken: Error {}
    let tracer = recorded.tracer
    await #expect(throws: Broken.self) {
      try await tracer.withSpan("outer", context: .topLevel, ofKind: .server) { outer in
        #expect(ServiceContext.current?.activeSpan === outer)
        tracer.withSpan("inner", ofKind: .client) { inner in
          inner.attributes["key"] = 5
          #expect(tracer.activeSpan(identifiedBy: inner.context) === inner)
        }
        await Task.yield()
        throw Broken()
      }
    }
    let (inner, outer) = (try #require(recorded.ended.first), try #require(recorded.ended.last))
    #expect(inner.name == "inner" && inner.kind == .client)
    #expect(inner.parentSpanID == outer.spanID && inner.traceID == outer.traceID)
    #expect(inner.attributes == [Attribute("key", 5)])
    #expect(outer.statusCode == .error)
    #expect(outer.events.map(\.name) == ["exception"])
  }

  @Test("starting through the protocol with all its defaults")
  func defaults() throws {
    let span = recorded.tracer.startSpan("op")
    span.end()
    #expect(try #require(recorded.ended.first).kind == .internal)
  }

  @Test("a span keeps its context's other values, and not its parents")
  func contexts() {
    enum Key: ServiceContextKey { typealias Value = String }
    var base = ServiceContext.topLevel
    base[Key.self] = "kept"
    weak var forgotten: TelemetrySpan?
    let last: TelemetrySpan
    do {
      let first = recorded.tracer.startSpan("first", context: base, kind: .internal)
      forgotten = first
      let second = recorded.tracer.startSpan("second", context: first.context, kind: .internal)
      last = recorded.tracer.startSpan("third", context: second.context, kind: .internal)
    }
    #expect(forgotten == nil)
    #expect(last.context[Key.self] == "kept")
    var context = last.context
    context.spanContext = nil
    #expect(context[Key.self] == "kept" && context.activeSpan == nil)
  }
}

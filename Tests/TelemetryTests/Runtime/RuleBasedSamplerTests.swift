import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Sampling by rules, and of what failed")
struct RuleBasedSamplerTests {
  private func sampler(_ rules: String, otherwise other: any Sampler = AlwaysOnSampler())
    throws -> RuleBasedSampler
  {
    RuleBasedSampler(
      try #require(TelemetryConfiguration.SamplingRule.parse(rules)), otherwise: other)
  }

  private func isSampled(
    _ name: String, by sampler: any Sampler, parent: SpanContext? = nil, id: UInt64 = 1
  ) -> Bool {
    sampler.sample(
      SamplingParameters(
        parent: parent, traceID: TraceID(high: 1, low: id), name: name, kind: .server)
    ).decision == .recordAndSample
  }

  @Test("the first rule that matches decides, and the sampler where none does")
  func rules() throws {
    let sampler = try sampler("GET /health/ready=1,get /health*=0,GET /a?=0")
    #expect(!isSampled("GET /health", by: sampler) && !isSampled("GET /health/live", by: sampler))
    #expect(isSampled("GET /health/ready", by: sampler))
    #expect(!isSampled("GET /ab", by: sampler))
    #expect(isSampled("GET /a", by: sampler) && isSampled("POST /health", by: sampler))
    #expect(
      sampler.description
        == "RuleBased{GET /health/ready=1.0,get /health*=0.0,GET /a?=0.0,otherwise=AlwaysOnSampler}")
  }

  @Test("a share is the sampler's: the same traces everywhere")
  func share() throws {
    let sampler = try sampler("*=0.5", otherwise: AlwaysOffSampler())
    let ratio = TraceIDRatioSampler(ratio: 0.5)
    for id in (0..<64).map({ UInt64(1) << $0 }) {
      #expect(isSampled("x", by: sampler, id: id) == isSampled("x", by: ratio, id: id))
    }
  }

  @Test("where there is a parent, rules do not count")
  func parent() throws {
    let sampler = try sampler("*=0")
    let parent = SpanContext(
      traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: .sampled)
    #expect(isSampled("x", by: sampler, parent: parent) && !isSampled("x", by: sampler))
  }

  // MARK: What failed

  private func tracer(_ limits: ErrorRetention.Limits = .init()) -> (
    TelemetryTracer, ErrorRetention, RecordingSpanProcessor
  ) {
    let recording = RecordingSpanProcessor()
    let retention = ErrorRetention(recording, limits: limits)
    var traces = TelemetryConfiguration.Traces()
    traces.keepsErrors = true
    traces.rules = [TelemetryConfiguration.SamplingRule(pattern: "sampled", share: 1)]
    traces.sampler = .parentBased(root: .alwaysOff)
    let provider = TracerProvider(
      sampler: traces.makeSampler(), scopes: ScopeTable(), processor: retention)
    let tracer = TelemetryTracer(
      provider: provider, scope: InstrumentationScope(name: "test"),
      propagator: CompositePropagator([]))
    return (tracer, retention, recording)
  }

  /// A root with a child, which end in the usual order.
  private func work(
    _ tracer: TelemetryTracer, _ name: String = "root", fails: Bool, from parent: SpanContext? = nil
  ) -> SpanContext {
    var context = ServiceContext.topLevel
    context.spanContext = parent
    let root = tracer.startSpan(name, context: context, kind: .server)
    let child = tracer.startSpan("child", context: root.context, kind: .internal)
    child.end()
    if fails { root.setStatus(.error) }
    root.end()
    return child.spanContext
  }

  @Test("a trace that was left out is exported when its root failed, and forgotten when not")
  func outcome() {
    let (tracer, retention, recording) = tracer()
    #expect(!work(tracer, fails: false).isSampled)
    #expect(recording.spans.isEmpty && retention.heldCount == 0)
    let context = work(tracer, fails: true)
    #expect(!context.isSampled, "who is called is told that nobody samples")
    #expect(recording.spans.map(\.name) == ["child", "root"])
    #expect(recording.spans.allSatisfy { $0.isSampled })
    #expect(retention.keptCount == 2 && retention.heldCount == 0)
    #expect(work(tracer, "sampled", fails: false).isSampled)
    #expect(recording.spans.count == 4 && retention.keptCount == 2)
  }

  @Test("behind a caller in another process the first span here counts as the root")
  func remoteParent() {
    let (tracer, retention, recording) = tracer()
    let parent = SpanContext(
      traceID: TraceID(high: 7, low: 7), spanID: SpanID(7), flags: [], isRemote: true)
    _ = work(tracer, fails: true, from: parent)
    #expect(recording.spans.map(\.traceID) == [parent.traceID, parent.traceID])
    #expect(retention.heldCount == 0)
  }

  @Test("what waits is bounded: the oldest trace goes, and the last spans of a long one")
  func bounds() {
    var limits = ErrorRetention.Limits()
    limits.tracesMax = 2
    limits.spansPerTraceMax = 3
    let (tracer, retention, recording) = tracer(limits)
    let roots = (0..<20).map { _ in
      tracer.startSpan("root", context: .topLevel, kind: .server)
    }
    for root in roots {
      for number in 0..<5 {
        tracer.startSpan("child \(number)", context: root.context, kind: .internal).end()
      }
    }
    #expect(retention.heldCount == 6)
    for root in roots {
      root.setStatus(.error)
      root.end()
    }
    #expect(retention.heldCount == 0)
    let names = recording.spans.map(\.name)
    #expect(names.filter { $0 == "root" }.count == 20)
    #expect(names.suffix(8) == [
      "child 0", "child 1", "child 2", "root", "child 0", "child 1", "child 2", "root",
    ])
    #expect(names.count == 26)
  }

  @Test("kept spans are part of the account")
  func account() async throws {
    let collector = try Collector()
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint, "OTEL_METRICS_EXPORTER": "none",
      "OTEL_LOGS_EXPORTER": "none", "OTEL_TRACES_SAMPLER": "parentbased_always_off",
      "OTEL_SWIFT_TRACES_KEEP_ERRORS": "true",
    ])
    let tracer = bootstrapped.telemetry.tracer
    _ = work(tracer, fails: true)
    _ = work(tracer, fails: false)
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
    let traces = bootstrapped.telemetry.statistics.traces
    #expect(traces.started == 2 && traces.ended == 2 && traces.exported == 2)
  }
}

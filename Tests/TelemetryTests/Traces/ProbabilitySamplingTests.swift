import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Probability sampling")
struct ProbabilitySamplingTests {
  private func parameters(
    _ randomness: UInt64 = 0, state: String? = nil, isSampled: Bool = true, name: String = "n"
  ) -> SamplingParameters {
    let traceID = TraceID(high: 1, low: 0xFF00_0000_0000_0000 | randomness)
    let parent = state.map {
      SpanContext(
        traceID: traceID, spanID: SpanID(1), flags: isSampled ? .sampled : [], traceState: $0,
        isRemote: true)
    }
    return SamplingParameters(parent: parent, traceID: traceID, name: name, kind: .internal)
  }

  private static let half: UInt64 = 1 << 55

  @Test(
    "the edge: a trace is sampled whose randomness is at least the threshold, which is told",
    arguments: [
      (1.0, 0, "ot=th:0"), (0.5, half, "ot=th:8"), (0.5, half - 1, nil),
      (0.25, 0xC0_0000_0000_0000, "ot=th:c"), (0.25, 0xBF_FFFF_FFFF_FFFF, nil),
      (0.0, (1 << 56) - 1, nil), (.nan, (1 << 56) - 1, nil), (-1, (1 << 56) - 1, nil),
      (2.0, 0, "ot=th:0"), (0x1p-56, (1 << 56) - 1, "ot=th:ffffffffffffff"),
      (0x1p-56, (1 << 56) - 2, nil), (0x1p-57, (1 << 56) - 1, nil),
    ] as [(Double, UInt64, String?)])
  func edge(ratio: Double, randomness: UInt64, state: String?) {
    let result = ProbabilitySampler(ratio: ratio).sample(parameters(randomness))
    #expect(result.decision == (state == nil ? .drop : .recordAndSample))
    #expect(result.traceState == state ?? "")
  }

  @Test("an explicit randomness beats the trace id's, and is never changed")
  func explicitRandomness() {
    let sampler = ProbabilitySampler(ratio: 0.5)
    let yes = sampler.sample(parameters(0, state: "a=1,ot=rv:80000000000000"))
    #expect(yes.decision == .recordAndSample)
    #expect(yes.traceState == "ot=th:8;rv:80000000000000,a=1")
    let no = sampler.sample(parameters((1 << 56) - 1, state: "ot=th:1;rv:7fffffffffffff;x:y"))
    #expect(no.decision == .drop && no.traceState == "ot=rv:7fffffffffffff;x:y")
  }

  @Test(
    "what the member says",
    arguments: [
      ("", nil, nil), ("a=1", nil, nil), ("ot=th:8", half, nil), ("a=1,ot=th:80", half, nil),
      ("ot=th:0", 0, nil), ("ot=rv:00000000000001", nil, 1), ("ot=rv:1", nil, nil),
      ("ot=rv:0000000000000g", nil, nil), ("ot=th:", nil, nil), ("ot=th:G", nil, nil),
      ("ot=th:000000000000000", nil, nil), ("ot=x:1;th:8;rv:00000000000002;y:2", half, 2),
      ("other=th:8", nil, nil), ("ot=th:8;th:4", half, nil),
    ] as [(String, UInt64?, UInt64?)])
  func parsing(text: String, threshold: UInt64?, randomness: UInt64?) {
    let state = ProbabilityTraceState(traceState: text)
    #expect(state.threshold == threshold && state.randomness == randomness)
  }

  @Test("the changed member comes first, the others stay in order; nothing changes, nothing moves")
  func updating() {
    var state = ProbabilityTraceState(traceState: "a=1,ot=x:1;th:8,b=2")
    #expect(state.updating("a=1,ot=x:1;th:8,b=2") == "a=1,ot=x:1;th:8,b=2")
    state.threshold = 1 << 54
    #expect(state.updating("a=1,ot=x:1;th:8,b=2") == "ot=th:4;x:1,a=1,b=2")
    state.threshold = nil
    #expect(ProbabilityTraceState(traceState: "ot=th:8").updating("ot=th:8") == "ot=th:8")
    var only = ProbabilityTraceState(traceState: "ot=th:8")
    only.threshold = nil
    #expect(only.updating("ot=th:8,a=1") == "a=1", "an empty member is none")
  }

  @Test("32 members and 256 characters, and one more")
  func limits() {
    let full = (0..<32).map { "k\($0)=v" }.joined(separator: ",")
    var state = ProbabilityTraceState(traceState: full)
    state.threshold = 0
    let members = state.updating(full).split(separator: ",")
    #expect(members.count == 32 && members.first == "ot=th:0" && members.last == "k30=v")

    // "th:0;" and the part itself make 256 characters.
    for (count, isKept) in [(251, true), (252, false)] {
      let part = "x:" + String(repeating: "y", count: count - 2)
      var long = ProbabilityTraceState(traceState: "ot=\(part)")
      long.threshold = 0
      #expect(long.updating("ot=\(part)") == (isKept ? "ot=th:0;\(part)" : "ot=th:0"))
    }
  }

  @Test("a smaller share is part of every larger one, and traces of about the share are sampled")
  func shares() {
    let ids = RandomIDGenerator()
    let (small, large) = (ProbabilitySampler(ratio: 0.1), ProbabilitySampler(ratio: 0.4))
    var counts = (small: 0, large: 0)
    for _ in 0..<20_000 {
      let parameters = SamplingParameters(
        parent: nil, traceID: ids.makeTraceID(), name: "n", kind: .internal)
      let inSmall = small.sample(parameters).decision == .recordAndSample
      let inLarge = large.sample(parameters).decision == .recordAndSample
      #expect(inLarge || !inSmall)
      counts.small += inSmall ? 1 : 0
      counts.large += inLarge ? 1 : 0
    }
    // Ten standard deviations either way.
    #expect((1_575...2_425).contains(counts.small) && (7_300...8_700).contains(counts.large))
  }

  // MARK: Composition

  private func decision(
    _ sampler: any ComposableSampler, _ parameters: SamplingParameters
  ) -> SamplingResult { CompositeSampler(sampler).sample(parameters) }

  @Test("always on and always off")
  func constants() {
    let on = decision(ComposableConstantSampler.alwaysOn, parameters())
    #expect(on.decision == .recordAndSample && on.traceState == "ot=th:0")
    let off = decision(
      ComposableConstantSampler.alwaysOff, parameters((1 << 56) - 1, state: "ot=th:0,a=1"))
    #expect(off.decision == .drop && off.traceState == "a=1")
  }

  @Test("the parent's threshold is taken over; a parent that only says 'sampled' gives no share")
  func parentThreshold() {
    let sampler = ComposableParentThresholdSampler(root: ComposableConstantSampler.alwaysOff)
    #expect(decision(sampler, parameters()).decision == .drop, "the root's")
    let told = decision(sampler, parameters(Self.half, state: "ot=th:8"))
    #expect(told.decision == .recordAndSample && told.traceState == "ot=th:8")
    #expect(decision(sampler, parameters(Self.half - 1, state: "ot=th:8")).decision == .drop)
    let flagged = decision(sampler, parameters(state: "a=1"))
    #expect(flagged.decision == .recordAndSample && flagged.traceState == "a=1")
    #expect(decision(sampler, parameters(state: "", isSampled: false)).decision == .drop)
  }

  @Test("rules: the first one that holds decides, and none means no")
  func rules() {
    let sampler = ComposableRuleBasedSampler([
      .init("health", sampler: ComposableConstantSampler.alwaysOff) { $0.name == "GET /health" },
      .init("gets", sampler: ComposableConstantSampler.alwaysOn) { $0.name.hasPrefix("GET") },
    ])
    #expect(decision(sampler, parameters(name: "GET /health")).decision == .drop)
    #expect(decision(sampler, parameters(name: "GET /orders")).decision == .recordAndSample)
    #expect(decision(sampler, parameters(name: "POST /orders")).decision == .drop)
    #expect(
      sampler.description
        == "ComposableRuleBased{[(health:ComposableAlwaysOff),(gets:ComposableAlwaysOn)]}")
  }

  @Test("annotations: on sampled spans, with the delegate's own")
  func annotations() {
    let inner = ComposableAnnotatingSampler(
      ComposableProbabilitySampler(ratio: 0.5), attributes: [Attribute("a", 1)])
    let sampler = ComposableAnnotatingSampler(inner, attributes: [Attribute("b", 2)])
    let sampled = decision(sampler, parameters(Self.half))
    #expect(sampled.attributes == [Attribute("a", 1), Attribute("b", 2)])
    #expect(decision(sampler, parameters(0)).attributes.isEmpty)
  }

  @Test("spans carry the threshold on, and receivers and children get it")
  func spans() throws {
    let recorded = RecordedTracer(
      sampler: CompositeSampler(
        ComposableParentThresholdSampler(root: ComposableConstantSampler.alwaysOn)))
    let root = recorded.tracer.startSpan("root", context: .topLevel, kind: .server)
    let child = recorded.tracer.startSpan("child", context: root.context, kind: .client)
    child.end()
    root.end()
    #expect(recorded.ended.map(\.traceState) == ["ot=th:0", "ot=th:0"])
  }

  // MARK: Always record

  @Test("always record: what is dropped is recorded for processors, and neither flagged nor exported")
  func alwaysRecord() throws {
    let recorded = RecordedTracer(sampler: AlwaysRecordSampler(root: AlwaysOffSampler()))
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .server)
    #expect(span.isRecording && !span.spanContext.isSampled)
    span.end()
    let record = try #require(recorded.ended.first)
    #expect(!record.isSampled)
    let sampled = AlwaysRecordSampler(root: AlwaysOnSampler())
    #expect(sampled.sample(parameters()).decision == .recordAndSample)
    #expect(sampled.description == "AlwaysRecordSampler{AlwaysOnSampler}")
  }

  private enum TenantKey: ServiceContextKey {
    typealias Value = String
  }

  private struct TenantSampler: Sampler {
    var description: String { "TenantSampler" }

    func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
      let isWanted = parameters.context[TenantKey.self] == "paying"
      return SamplingResult(isWanted ? .recordAndSample : .drop, for: parameters)
    }
  }

  @Test("a sampler gets the whole context, not only the parent")
  func context() {
    let tracer = RecordedTracer(sampler: TenantSampler()).tracer
    var context = ServiceContext.topLevel
    #expect(!tracer.startSpan("op", context: context, kind: .server).isRecording)
    context[TenantKey.self] = "paying"
    #expect(tracer.startSpan("op", context: context, kind: .server).isRecording)
  }
}

import OTLP
import Testing

@testable import Telemetry

@Suite("Samplers")
struct SamplerTests {
  private func parameters(
    parent: SpanContext? = nil, traceID: TraceID = TraceID(high: 1, low: 1)
  ) -> SamplingParameters {
    SamplingParameters(parent: parent, traceID: traceID, name: "n", kind: .internal)
  }

  private func parent(sampled: Bool, remote: Bool) -> SpanContext {
    SpanContext(
      traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: sampled ? .sampled : [],
      traceState: "k=v", isRemote: remote)
  }

  @Test("always on and always off, whatever the parent did")
  func always() {
    for parent in [nil, parent(sampled: true, remote: true), parent(sampled: false, remote: true)] {
      let parameters = parameters(parent: parent)
      #expect(AlwaysOnSampler().sample(parameters).decision == .recordAndSample)
      #expect(AlwaysOffSampler().sample(parameters).decision == .drop)
      #expect(AlwaysOffSampler().sample(parameters).traceState == parent?.traceState ?? "")
    }
  }

  @Test(
    "parent-based: the parent decides, and each kind of parent has a sampler of its own",
    arguments: [(true, true), (true, false), (false, true), (false, false)])
  func parentBased(sampled: Bool, remote: Bool) {
    let parameters = parameters(parent: parent(sampled: sampled, remote: remote))
    let plain = ParentBasedSampler(root: AlwaysOffSampler())
    #expect(plain.sample(parameters).decision == (sampled ? .recordAndSample : .drop))
    #expect(plain.sample(parameters).traceState == "k=v")

    // All four are the opposite of their default, so exactly the right one was asked.
    let opposite = ParentBasedSampler(
      root: AlwaysOnSampler(), remoteParentSampled: AlwaysOffSampler(),
      remoteParentNotSampled: AlwaysOnSampler(), localParentSampled: AlwaysOffSampler(),
      localParentNotSampled: AlwaysOnSampler())
    #expect(opposite.sample(parameters).decision == (sampled ? .drop : .recordAndSample))
  }

  @Test("parent-based: the root sampler decides where there is no parent")
  func parentBasedRoot() {
    let on = ParentBasedSampler(root: AlwaysOnSampler(), remoteParentSampled: AlwaysOffSampler())
    #expect(on.sample(parameters()).decision == .recordAndSample)
    #expect(ParentBasedSampler(root: AlwaysOffSampler()).sample(parameters()).decision == .drop)
  }

  @Test(
    "the ratio's edge: the seven right-most bytes decide",
    arguments: [
      (0.0, 0, false), (0.5, 0, true), (0.5, (1 << 55) - 1, true), (0.5, 1 << 55, false),
      (0.5, 0xFF00_0000_0000_0000, true), (1.0, .max, true), (-1.0, 0, false), (2.0, .max, true),
      (.nan, 0, false),
    ] as [(Double, UInt64, Bool)])
  func ratioEdge(ratio: Double, low: UInt64, isSampled: Bool) {
    let result = TraceIDRatioSampler(ratio: ratio)
      .sample(parameters(traceID: TraceID(high: 7, low: low)))
    #expect(result.decision == (isSampled ? .recordAndSample : .drop))
  }

  @Test("a smaller ratio samples a subset, and about its share")
  func ratioSubset() {
    let ids = RandomIDGenerator()
    let (small, large) = (TraceIDRatioSampler(ratio: 0.1), TraceIDRatioSampler(ratio: 0.4))
    var counts = (small: 0, large: 0)
    for _ in 0..<20_000 {
      let parameters = parameters(traceID: ids.makeTraceID())
      let inSmall = small.sample(parameters).decision == .recordAndSample
      let inLarge = large.sample(parameters).decision == .recordAndSample
      #expect(inLarge || !inSmall)
      counts.small += inSmall ? 1 : 0
      counts.large += inLarge ? 1 : 0
    }
    // Ten standard deviations either way.
    #expect((1_575...2_425).contains(counts.small))
    #expect((7_300...8_700).contains(counts.large))
  }

  @Test("the ratio sampler does not look at the parent")
  func ratioIgnoresParent() {
    let result = TraceIDRatioSampler(ratio: 0)
      .sample(parameters(parent: parent(sampled: true, remote: true)))
    #expect(result.decision == .drop)
  }

  @Test(
    "descriptions",
    arguments: [
      (.alwaysOn, "AlwaysOnSampler"), (.alwaysOff, "AlwaysOffSampler"),
      (.traceIDRatio(0.0001), "TraceIdRatioBased{0.000100}"),
      (.traceIDRatio(1), "TraceIdRatioBased{1.000000}"),
      (
        .parentBased(root: .alwaysOn),
        "ParentBased{root=AlwaysOnSampler,remoteParentSampled=AlwaysOnSampler,"
          + "remoteParentNotSampled=AlwaysOffSampler,localParentSampled=AlwaysOnSampler,"
          + "localParentNotSampled=AlwaysOffSampler}"
      ),
    ] as [(TelemetryConfiguration.SamplerName, String)])
  func descriptions(name: TelemetryConfiguration.SamplerName, text: String) {
    #expect(name.makeSampler().description == text)
  }
}

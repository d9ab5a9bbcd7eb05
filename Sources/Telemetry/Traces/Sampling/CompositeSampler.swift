import OTLP

/// Samples as a ``ComposableSampler`` wants: a trace whose randomness is at least the threshold. The
/// threshold travels in `tracestate` as `ot=th:…`, from which receivers know for how many traces one
/// stands (OpenTelemetry specification, "CompositeSampler").
public struct CompositeSampler: Sampler {
  private let root: any ComposableSampler

  public init(_ root: any ComposableSampler) { self.root = root }

  public var description: String { "\(root)" }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    let intent = root.intent(parameters)
    let before = parameters.parent?.traceState ?? ""
    var state = ProbabilityTraceState(traceState: before)
    // Without an explicit value the seven right-most bytes of the id are the randomness.
    let randomness = state.randomness ?? parameters.traceID.low & (1 << 56 - 1)
    let isSampled = intent.threshold.map { randomness >= $0 } ?? false
    state.threshold = isSampled && intent.isThresholdReliable ? intent.threshold : nil
    let after = state.updating(before)
    return isSampled
      ? SamplingResult(.recordAndSample, attributes: intent.attributes, traceState: after)
      : SamplingResult(.drop, traceState: after)
  }
}

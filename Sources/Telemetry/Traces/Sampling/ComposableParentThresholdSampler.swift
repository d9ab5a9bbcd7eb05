/// Does what the parent did, with the threshold that the parent's `tracestate` has; where there is no
/// parent, another sampler decides (OpenTelemetry specification, "ComposableParentThreshold").
public struct ComposableParentThresholdSampler: ComposableSampler {
  private let root: any ComposableSampler

  public init(root: any ComposableSampler) { self.root = root }

  public var description: String { "ComposableParentThreshold{root=\(root)}" }

  public func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent {
    guard let parent = parameters.parent else { return root.intent(parameters) }
    if let threshold = ProbabilityTraceState(traceState: parent.traceState).threshold {
      return SamplingIntent(threshold: threshold, isThresholdReliable: true)
    }
    return parent.isSampled ? SamplingIntent(threshold: 0, isThresholdReliable: false) : .none
  }
}

/// Samples no span.
public struct AlwaysOffSampler: Sampler {
  public init() {}

  public var description: String { "AlwaysOffSampler" }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    SamplingResult(.drop, for: parameters)
  }
}

/// Samples every span.
public struct AlwaysOnSampler: Sampler {
  public init() {}

  public var description: String { "AlwaysOnSampler" }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    SamplingResult(.recordAndSample, for: parameters)
  }
}

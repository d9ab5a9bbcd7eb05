/// Samples every span.
package struct AlwaysOnSampler: Sampler {
  package init() {}

  package var description: String { "AlwaysOnSampler" }

  package func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    SamplingResult(.recordAndSample, for: parameters)
  }
}

/// Samples no span.
package struct AlwaysOffSampler: Sampler {
  package init() {}

  package var description: String { "AlwaysOffSampler" }

  package func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    SamplingResult(.drop, for: parameters)
  }
}

/// Samples a trace by the name of its root: the first rule whose pattern matches says what share of
/// such traces is recorded. Without one, and for spans that have a parent, another sampler decides.
package struct RuleBasedSampler: Sampler {
  private let rules: [(pattern: NamePattern, share: TraceIDRatioSampler)]
  private let other: any Sampler
  package let description: String

  package init(_ rules: [TelemetryConfiguration.SamplingRule], otherwise other: any Sampler) {
    self.rules = rules.map { rule in
      (NamePattern(rule.pattern), TraceIDRatioSampler(ratio: rule.share))
    }
    self.other = other
    let texts = rules.map(\.text).joined(separator: ",")
    description = "RuleBased{\(texts),otherwise=\(other)}"
  }

  package func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    guard parameters.parent == nil else { return other.sample(parameters) }
    for rule in rules where rule.pattern.matches(parameters.name) {
      return rule.share.sample(parameters)
    }
    return other.sample(parameters)
  }
}

/// The first rule that a span meets decides which sampler does; a span that meets none is not sampled
/// (OpenTelemetry specification, "ComposableRuleBased").
public struct ComposableRuleBasedSampler: ComposableSampler {
  /// What a span has to be like, and who decides about it then.
  public struct Rule: Sendable {
    /// For people.
    public let name: String
    let matches: @Sendable (borrowing SamplingParameters) -> Bool
    let sampler: any ComposableSampler

    public init(
      _ name: String, sampler: any ComposableSampler,
      where matches: @escaping @Sendable (borrowing SamplingParameters) -> Bool
    ) {
      self.name = name
      self.matches = matches
      self.sampler = sampler
    }
  }

  private let rules: [Rule]

  /// - Parameter rules: In order.
  public init(_ rules: [Rule]) { self.rules = rules }

  public var description: String {
    let list = rules.map { "(\($0.name):\($0.sampler))" }.joined(separator: ",")
    return "ComposableRuleBased{[\(list)]}"
  }

  public func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent {
    for rule in rules where rule.matches(parameters) { return rule.sampler.intent(parameters) }
    return .none
  }
}

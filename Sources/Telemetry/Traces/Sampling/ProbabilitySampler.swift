/// Samples a share of all traces, the same ones in every process and every language, and writes the
/// share into `tracestate` (OpenTelemetry specification, "ProbabilitySampler"). The parent's decision
/// is not looked at, but its randomness counts.
public struct ProbabilitySampler: Sampler {
  private let composite: CompositeSampler
  private let probability: ComposableProbabilitySampler

  /// - Parameter ratio: The share of traces, from 2⁻⁵⁶ to 1; above counts as 1, below and NaN as 0.
  public init(ratio: Double) {
    probability = ComposableProbabilitySampler(ratio: ratio)
    composite = CompositeSampler(probability)
  }

  public var description: String { "ProbabilitySampler{\(probability.ratio)}" }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    composite.sample(parameters)
  }
}

/// As ``ProbabilitySampler``, for a ``CompositeSampler``.
public struct ComposableProbabilitySampler: ComposableSampler {
  /// 0 to 1.
  public let ratio: Double
  private let threshold: UInt64?

  private static let range = 0x1p56

  /// - Parameter ratio: The share of traces, from 2⁻⁵⁶ to 1; above counts as 1, below and NaN as 0.
  public init(ratio: Double) {
    let isAny = ratio >= 1 / Self.range
    self.ratio = isAny ? min(ratio, 1) : 0
    // Whole numbers: 2⁵⁶ - 1 is none that a `Double` can be.
    threshold = isAny ? UInt64(Self.range) - UInt64((self.ratio * Self.range).rounded()) : nil
  }

  public var description: String { "ComposableProbability{\(ratio)}" }

  public func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent {
    SamplingIntent(threshold: threshold, isThresholdReliable: threshold != nil)
  }
}

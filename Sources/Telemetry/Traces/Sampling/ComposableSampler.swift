public import OTLP

/// Says with which threshold a span would be sampled, so that samplers can be built from others
/// (OpenTelemetry specification, "ComposableSampler"). ``CompositeSampler`` makes the decision.
public protocol ComposableSampler: Sendable, CustomStringConvertible {
  /// Called on the thread that starts a span, so it must be quick and must not block.
  func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent
}

/// What a ``ComposableSampler`` wants (OpenTelemetry specification, "SamplingIntent").
public struct SamplingIntent: Sendable {
  /// Samples the traces whose 56 random bits are at least so much; nil samples none.
  public var threshold: UInt64?
  /// Whether the share of traces follows from the threshold, so that it may be told to receivers,
  /// which multiply by it.
  public var isThresholdReliable: Bool
  /// Added to the span when it is sampled.
  public var attributes: [Attribute]

  /// - Parameter threshold: Below 2⁵⁶.
  public init(
    threshold: UInt64?, isThresholdReliable: Bool, attributes: [Attribute] = []
  ) {
    self.threshold = threshold
    self.isThresholdReliable = isThresholdReliable
    self.attributes = attributes
  }

  /// Samples nothing.
  public static let none = SamplingIntent(threshold: nil, isThresholdReliable: false)
}

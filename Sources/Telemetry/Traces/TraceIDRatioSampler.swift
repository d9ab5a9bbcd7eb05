import OTLP

/// Samples a share of all traces, the same ones in every process: those whose id, as a number made
/// of its seven right-most bytes, is below the share of 2⁵⁶. So what a smaller ratio samples, every
/// larger one samples too. The parent's decision is not looked at.
public struct TraceIDRatioSampler: Sampler {
  /// 0 to 1.
  public let ratio: Double
  private let threshold: UInt64

  private static let range: UInt64 = 1 << 56

  /// - Parameter ratio: The share of traces; below 0 counts as 0, above 1 as 1, NaN as 0.
  public init(ratio: Double) {
    let clamped = ratio > 0 ? min(ratio, 1) : 0
    self.ratio = clamped
    threshold = UInt64(clamped * Double(Self.range))
  }

  /// `TraceIdRatioBased{0.000100}`, with six decimals as the specification has it.
  public var description: String {
    let millionths = String(Int((ratio * 1_000_000).rounded()))
    let padded = String(repeating: "0", count: max(0, 7 - millionths.count)) + millionths
    return "TraceIdRatioBased{\(padded.dropLast(6)).\(padded.suffix(6))}"
  }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    let number = parameters.traceID.low & (Self.range - 1)
    return SamplingResult(number < threshold ? .recordAndSample : .drop, for: parameters)
  }
}

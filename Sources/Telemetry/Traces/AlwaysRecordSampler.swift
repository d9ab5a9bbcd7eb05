/// Records every span: what another sampler drops is recorded for the processors of this process, and
/// neither exported nor flagged (OpenTelemetry specification, "AlwaysRecord").
public struct AlwaysRecordSampler: Sampler {
  private let root: any Sampler

  /// - Parameter root: Decides which spans are sampled.
  public init(root: any Sampler) { self.root = root }

  public var description: String { "AlwaysRecordSampler{\(root)}" }

  public func sample(_ parameters: borrowing SamplingParameters) -> SamplingResult {
    let result = root.sample(parameters)
    guard result.decision == .drop else { return result }
    return SamplingResult(
      .recordOnly, attributes: result.attributes, traceState: result.traceState)
  }
}

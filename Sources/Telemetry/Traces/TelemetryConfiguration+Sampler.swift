extension TelemetryConfiguration.SamplerName {
  /// The sampler of that name.
  public func makeSampler() -> any Sampler {
    switch self {
    case .alwaysOn: AlwaysOnSampler()
    case .alwaysOff: AlwaysOffSampler()
    case .traceIDRatio(let ratio): TraceIDRatioSampler(ratio: ratio)
    case .parentBased(let root): ParentBasedSampler(root: root.makeSampler())
    }
  }
}

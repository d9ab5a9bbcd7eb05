public import OTLP

/// Does what another sampler does and adds attributes to the spans that are sampled (OpenTelemetry
/// specification, "ComposableAnnotating").
public struct ComposableAnnotatingSampler: ComposableSampler {
  private let attributes: [Attribute]
  private let delegate: any ComposableSampler

  public init(_ delegate: any ComposableSampler, attributes: [Attribute]) {
    self.attributes = attributes
    self.delegate = delegate
  }

  public var description: String {
    "ComposableAnnotating{\(delegate),\(attributes.map(\.key).joined(separator: ","))}"
  }

  public func intent(_ parameters: borrowing SamplingParameters) -> SamplingIntent {
    var intent = delegate.intent(parameters)
    intent.attributes += attributes
    return intent
  }
}

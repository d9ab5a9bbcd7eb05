public import OTLP

/// Measures what is worth a distribution, as durations and sizes are (specification, "Histogram").
public struct TelemetryHistogram: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is recorded goes anywhere.
  public var isEnabled: Bool { instrument.isEnabled }

  /// - Parameter value: Not negative: with one that is, the series has no sum any more. What is not
  ///   finite is left out.
  public func record(_ value: Double, _ attributes: [Attribute] = []) {
    instrument.record(value, attributes)
  }

  public func record(_ value: Int, _ attributes: [Attribute] = []) {
    instrument.record(Double(value), attributes)
  }

  /// The histogram with attributes that are looked up once.
  public func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

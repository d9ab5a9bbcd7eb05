package import OTLP

/// Measures what is worth a distribution, as durations and sizes are (specification, "Histogram").
package struct TelemetryHistogram: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is recorded goes anywhere.
  package var isEnabled: Bool { instrument.isEnabled }

  /// - Parameter value: Not negative: with one that is, the series has no sum any more. What is not
  ///   finite is left out.
  package func record(_ value: Double, _ attributes: [Attribute] = []) {
    instrument.record(value, attributes)
  }

  package func record(_ value: Int, _ attributes: [Attribute] = []) {
    instrument.record(Double(value), attributes)
  }

  /// The histogram with attributes that are looked up once.
  package func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

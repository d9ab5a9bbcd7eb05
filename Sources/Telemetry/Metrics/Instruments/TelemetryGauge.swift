package import OTLP

/// Shows a value that is not to be added up over series (specification, "Gauge").
package struct TelemetryGauge: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is recorded goes anywhere.
  package var isEnabled: Bool { instrument.isEnabled }

  package func record(_ value: Double, _ attributes: [Attribute] = []) {
    instrument.record(value, attributes)
  }

  package func record(_ value: Int, _ attributes: [Attribute] = []) {
    instrument.record(Int64(value), attributes)
  }

  /// The gauge with attributes that are looked up once.
  package func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

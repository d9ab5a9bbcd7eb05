public import OTLP

/// Shows a value that is not to be added up over series (specification, "Gauge").
public struct TelemetryGauge: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is recorded goes anywhere.
  public var isEnabled: Bool { instrument.isEnabled }

  public func record(_ value: Double, _ attributes: [Attribute] = []) {
    instrument.record(value, attributes)
  }

  public func record(_ value: Int, _ attributes: [Attribute] = []) {
    instrument.record(Int64(value), attributes)
  }

  /// The gauge with attributes that are looked up once.
  public func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

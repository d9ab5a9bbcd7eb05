public import OTLP

/// Counts what becomes more and less, where the sum over series has a meaning (specification,
/// "UpDownCounter").
public struct TelemetryUpDownCounter: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is added goes anywhere.
  public var isEnabled: Bool { instrument.isEnabled }

  public func add(_ amount: Int, _ attributes: [Attribute] = []) {
    instrument.record(Int64(amount), attributes)
  }

  public func add(_ amount: Double, _ attributes: [Attribute] = []) {
    instrument.record(amount, attributes)
  }

  /// The counter with attributes that are looked up once.
  public func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

public import OTLP

/// Counts what only ever becomes more (specification, "Counter").
public struct TelemetryCounter: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is added goes anywhere.
  public var isEnabled: Bool { instrument.isEnabled }

  /// - Parameter amount: Not negative; one that is negative is left out.
  @inline(__always)
  public func add(_ amount: Int = 1, _ attributes: [Attribute] = []) {
    instrument.record(Int64(amount), attributes)
  }

  @inline(__always)
  public func add(_ amount: Double, _ attributes: [Attribute] = []) {
    instrument.record(amount, attributes)
  }

  /// The counter with attributes that are looked up once.
  public func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

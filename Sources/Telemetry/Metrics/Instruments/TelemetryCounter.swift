package import OTLP

/// Counts what only ever becomes more (specification, "Counter").
package struct TelemetryCounter: Sendable {
  let instrument: SynchronousInstrument

  /// Whether what is added goes anywhere.
  package var isEnabled: Bool { instrument.isEnabled }

  /// - Parameter amount: Not negative; one that is negative is left out.
  @inline(__always)
  package func add(_ amount: Int = 1, _ attributes: [Attribute] = []) {
    instrument.record(Int64(amount), attributes)
  }

  @inline(__always)
  package func add(_ amount: Double, _ attributes: [Attribute] = []) {
    instrument.record(amount, attributes)
  }

  /// The counter with attributes that are looked up once.
  package func bound(_ attributes: [Attribute] = []) -> BoundInstrument {
    instrument.bind(attributes)
  }
}

/// How an instrument measures and what its measurements mean (specification, "Instrument").
public enum InstrumentKind: String, Sendable, CaseIterable {
  case counter
  case upDownCounter
  case histogram
  case gauge
  case observableCounter
  case observableUpDownCounter
  case observableGauge

  /// Whether it is asked when metrics are collected, rather than told.
  public var isObservable: Bool {
    switch self {
    case .observableCounter, .observableUpDownCounter, .observableGauge: true
    case .counter, .upDownCounter, .histogram, .gauge: false
    }
  }

  /// Whether a sum of its measurements only rises.
  var isMonotonic: Bool {
    switch self {
    case .counter, .histogram, .observableCounter: true
    case .upDownCounter, .gauge, .observableUpDownCounter, .observableGauge: false
    }
  }
}

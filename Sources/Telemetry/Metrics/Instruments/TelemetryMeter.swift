public import OTLP

/// Makes the instruments of one part of a program (specification, "Meter").
///
/// The same instrument asked for twice is the same one. Names begin with a letter and go on with
/// letters, digits and `_ . - /`, 255 characters at most; their case does not matter. Units are
/// UCUM's, 63 characters at most, as in `s`, `By` or `{request}`.
public struct TelemetryMeter: Sendable {
  let registry: InstrumentRegistry

  public var scope: InstrumentationScope { registry.scope }

  /// - Parameter isInteger: Whether whole numbers are counted.
  public func counter(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = true,
    attributeKeys: [String]? = nil
  ) -> TelemetryCounter {
    TelemetryCounter(
      instrument: synchronous(name, .counter, isInteger, unit, description, attributeKeys))
  }

  /// - Parameter isInteger: Whether whole numbers are counted.
  public func upDownCounter(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = true,
    attributeKeys: [String]? = nil
  ) -> TelemetryUpDownCounter {
    TelemetryUpDownCounter(
      instrument: synchronous(name, .upDownCounter, isInteger, unit, description, attributeKeys))
  }

  /// - Parameters:
  ///   - boundaries: Advice on the upper bounds of the buckets, inclusive; views beat it.
  ///   - attributeKeys: Advice on the attributes that series have; views beat it.
  public func histogram(
    _ name: String, unit: String = "", description: String = "", boundaries: [Double]? = nil,
    attributeKeys: [String]? = nil
  ) -> TelemetryHistogram {
    TelemetryHistogram(
      instrument: synchronous(
        name, .histogram, false, unit, description, attributeKeys, boundaries: boundaries))
  }

  /// - Parameter isInteger: Whether values are whole numbers.
  public func gauge(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = false,
    attributeKeys: [String]? = nil
  ) -> TelemetryGauge {
    TelemetryGauge(
      instrument: synchronous(name, .gauge, isInteger, unit, description, attributeKeys))
  }

  /// Counts what only becomes more, all that was counted so far being observed.
  public func observableCounter(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = true
  ) -> ObservableInstrument {
    observable(name, .observableCounter, isInteger, unit, description)
  }

  public func observableUpDownCounter(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = true
  ) -> ObservableInstrument {
    observable(name, .observableUpDownCounter, isInteger, unit, description)
  }

  public func observableGauge(
    _ name: String, unit: String = "", description: String = "", isInteger: Bool = false
  ) -> ObservableInstrument {
    observable(name, .observableGauge, isInteger, unit, description)
  }

  /// Has `callback` called whenever a reader collects, to observe instruments of this provider.
  /// It must not wait: the others are called after it, and what is not observed in time is not part
  /// of the collection.
  @discardableResult
  public func addCallback(
    _ callback: @escaping @Sendable (borrowing MetricObserver) -> Void
  ) -> CallbackRegistration {
    CallbackRegistration(list: registry.callbacks, id: registry.callbacks.add(callback))
  }

  func synchronous(
    _ name: String, _ kind: InstrumentKind, _ isInteger: Bool, _ unit: String,
    _ description: String, _ attributeKeys: [String]?, boundaries: [Double]? = nil
  ) -> SynchronousInstrument {
    registry.synchronous(
      InstrumentDescriptor(
        name: name, kind: kind, isInteger: isInteger, unit: unit, text: description,
        boundaries: boundaries, attributeKeys: attributeKeys))
  }

  private func observable(
    _ name: String, _ kind: InstrumentKind, _ isInteger: Bool, _ unit: String,
    _ description: String
  ) -> ObservableInstrument {
    registry.observable(
      InstrumentDescriptor(
        name: name, kind: kind, isInteger: isInteger, unit: unit, text: description))
  }
}

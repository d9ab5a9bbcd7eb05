package import CoreMetrics
import OTLP
import Synchronization

/// The backend of swift-metrics. The same label with the same dimensions is the same series.
///
/// | swift-metrics | OpenTelemetry |
/// |--|--|
/// | `Counter`, `FloatingPointCounter` | Counter, of whole or fractional numbers |
/// | `Meter` | UpDownCounter when it is first moved, Gauge when it is first set |
/// | `Gauge`, `Recorder` that does not aggregate | Gauge |
/// | `Recorder` | Histogram |
/// | `Timer` | Histogram, in seconds |
///
/// Units, descriptions and boundaries come from the descriptions the provider was made with.
/// `destroy` ends a series that nobody else holds: it is collected once more and forgotten.
package final class TelemetryMetricsFactory: MetricsFactory {
  private struct Key: Hashable {
    let label: String
    let kind: InstrumentKind
    let isFractional: Bool
  }

  private struct State {
    var instruments: [Key: SynchronousInstrument] = [:]
    /// What became of meters of which nothing was known.
    var meterKinds: [String: InstrumentDescription.MeterKind] = [:]
  }

  private let registry: InstrumentRegistry
  private let catalog: InstrumentCatalog
  private let state = Mutex(State())

  /// - Parameter descriptions: Of the program's own instruments; those of the semantic conventions
  ///   are known.
  package init(_ meter: TelemetryMeter, descriptions: [InstrumentDescription] = []) {
    registry = meter.registry
    catalog = InstrumentCatalog(descriptions)
  }

  package func makeCounter(
    label: String, dimensions: [(String, String)]
  ) -> any CounterHandler {
    handler(instrument(label, .counter), dimensions)
  }

  package func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    handler(instrument(label, .counter, isFractional: true), dimensions)
  }

  package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    if let kind = catalog[label]?.meterKind { return meter(label, kind, dimensions) }
    let attributes = dimensions.map { Attribute(dimension: $0, $1) }
    return UndecidedMeter { [self] wanted in
      let kind = state.withLock { state in
        let kind = state.meterKinds[label] ?? wanted
        state.meterKinds[label] = kind
        return kind
      }
      return meterInstrument(label, kind).bind(attributes)
    }
  }

  package func makeRecorder(
    label: String, dimensions: [(String, String)], aggregate: Bool
  ) -> any RecorderHandler {
    guard aggregate else { return meter(label, .gauge, dimensions) }
    return handler(instrument(label, .histogram, isFractional: true), dimensions)
  }

  package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    handler(
      instrument(
        label, .histogram, isFractional: true, unit: "s",
        boundaries: InstrumentDescription.requestSeconds), dimensions)
  }

  package func destroyCounter(_ handler: any CounterHandler) { end(handler) }
  package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {
    end(handler)
  }
  package func destroyRecorder(_ handler: any RecorderHandler) { end(handler) }
  package func destroyTimer(_ handler: any TimerHandler) { end(handler) }
  package func destroyMeter(_ handler: any MeterHandler) {
    if let undecided = handler as? UndecidedMeter { return undecided.end() }
    end(handler)
  }

  private func end(_ handler: AnyObject) {
    if let series = handler as? MetricSeries {
      series.release(isEnd: true)
    } else if let bound = handler as? BoundInstrument {
      bound.end()
    }
  }

  // MARK: Instruments

  private typealias Handler = CounterHandler & FloatingPointCounterHandler & MeterHandler
    & RecorderHandler & TimerHandler

  private func meter(
    _ label: String, _ kind: InstrumentDescription.MeterKind, _ dimensions: [(String, String)]
  ) -> any Handler {
    handler(meterInstrument(label, kind), dimensions)
  }

  private func meterInstrument(
    _ label: String, _ kind: InstrumentDescription.MeterKind
  ) -> SynchronousInstrument {
    let isInteger = catalog[label]?.isInteger ?? false
    return instrument(
      label, kind == .gauge ? .gauge : .upDownCounter, isFractional: !isInteger)
  }

  private func handler(
    _ instrument: SynchronousInstrument, _ dimensions: [(String, String)]
  ) -> any Handler {
    let attributes = dimensions.map { Attribute(dimension: $0, $1) }
    return instrument.bindOnly(attributes) ?? instrument.bind(attributes)
  }

  private func instrument(
    _ label: String, _ kind: InstrumentKind, isFractional: Bool = false, unit: String = "",
    boundaries: [Double]? = nil
  ) -> SynchronousInstrument {
    let key = Key(label: label, kind: kind, isFractional: isFractional)
    return state.withLock { $0.instruments[key] } ?? make(key, unit, boundaries)
  }

  private func make(
    _ key: Key, _ unit: String, _ boundaries: [Double]?
  ) -> SynchronousInstrument {
    let known = catalog[key.label]
    let instrument = registry.synchronous(
      InstrumentDescriptor(
        name: key.label, kind: key.kind, isInteger: !key.isFractional,
        unit: unit.isEmpty ? known?.unit ?? "" : unit, text: known?.text ?? "",
        boundaries: key.kind == .histogram ? known?.boundaries ?? boundaries : nil))
    state.withLock { $0.instruments[key] = instrument }
    return instrument
  }
}

extension Attribute {
  /// swift-metrics knows texts only; the conventions' numbers become numbers again.
  fileprivate init(dimension name: String, _ value: String) {
    let isNumber = name.hasSuffix(".status_code") || name.hasSuffix(".port")
    if isNumber, name != "db.response.status_code", let number = Int64(value) {
      self.init(name, .int(number))
    } else {
      self.init(name, .string(value))
    }
  }
}

import OTLP
import Synchronization

/// The instruments of one meter, by name.
final class InstrumentRegistry: Sendable {
  private enum Instrument: Sendable {
    case told(SynchronousInstrument)
    case observable(ObservableInstrument)

    var descriptor: InstrumentDescriptor {
      switch self {
      case .told(let instrument): instrument.descriptor
      case .observable(let instrument): instrument.descriptor
      }
    }
  }

  private struct State {
    /// By the name in lower case.
    var instruments: [String: [Instrument]] = [:]
    var count = 0
  }

  let scope: InstrumentationScope
  let callbacks: CallbackList
  private let collectors: [MetricCollector]
  private let views: [MetricView]
  private let notices: InstrumentNotices
  private let state = Mutex(State())

  /// Instruments of one meter; names that are made at run time must not cost memory without bound.
  private static let instrumentsMax = 2_000

  init(
    _ scope: InstrumentationScope, collectors: [MetricCollector], views: [MetricView],
    callbacks: CallbackList, log: DiagnosticLog
  ) {
    self.scope = scope
    self.collectors = collectors
    self.views = views
    self.callbacks = callbacks
    notices = InstrumentNotices(scope: scope, log: log)
  }

  func synchronous(_ descriptor: InstrumentDescriptor) -> SynchronousInstrument {
    let instrument = instrument(descriptor) { descriptor in
      .told(
        SynchronousInstrument(
          descriptor,
          collectors.flatMap {
            $0.streams(configurations(descriptor, $0), of: scope, onConflict: notices.conflict)
          }))
    }
    if case .told(let instrument) = instrument { return instrument }
    return SynchronousInstrument(descriptor, [])
  }

  func observable(_ descriptor: InstrumentDescriptor) -> ObservableInstrument {
    let instrument = instrument(descriptor) { descriptor in
      .observable(
        ObservableInstrument(
          descriptor,
          collectors.map {
            $0.observedStreams(
              configurations(descriptor, $0), of: scope, onConflict: notices.conflict)
          }))
    }
    if case .observable(let instrument) = instrument { return instrument }
    return ObservableInstrument(descriptor, [])
  }

  /// The instrument that there is already, or a new one.
  private func instrument(
    _ descriptor: InstrumentDescriptor, make: (InstrumentDescriptor) -> Instrument
  ) -> Instrument? {
    state.withLock { state in
      let key = descriptor.name.lowercased()
      let namesakes = state.instruments[key] ?? []
      if let known = namesakes.first(where: { $0.descriptor.isIdentical(to: descriptor) }) {
        notices.compare(descriptor, with: known.descriptor)
        return known
      }
      guard state.count < Self.instrumentsMax else {
        notices.tooMany(Self.instrumentsMax)
        return nil
      }
      state.count += 1
      var descriptor = descriptor
      if let first = namesakes.first {
        notices.compare(descriptor, with: first.descriptor)
        descriptor.name = first.descriptor.name
      }
      let new = make(notices.checked(descriptor))
      state.instruments[key, default: []].append(new)
      return new
    }
  }

  /// What becomes of an instrument for one reader (specification, "Measurement processing").
  private func configurations(
    _ instrument: InstrumentDescriptor, _ collector: MetricCollector
  ) -> [StreamConfiguration] {
    let selecting = views.filter { view in
      guard view.selects(instrument, of: scope) else { return false }
      guard let objection = view.aggregation.objection(for: instrument.kind) else { return true }
      notices.ignored(view, for: instrument, objection)
      return false
    }
    let applied: [MetricView?] = selecting.isEmpty ? [nil] : selecting
    return applied.compactMap { StreamConfiguration(instrument, $0, collector.settings) }
  }
}

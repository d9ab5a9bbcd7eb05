public import OTLP

/// What a callback tells its observations to; only valid while it runs.
public struct MetricObserver: ~Copyable {
  private let reader: Int

  init(reader: Int) { self.reader = reader }

  /// Observes the present value of an instrument: for a counter all that it counted so far.
  ///
  /// When a callback observes an instrument twice with the same attributes, the last one counts.
  public func observe(
    _ instrument: ObservableInstrument, _ value: Int, _ attributes: [Attribute] = []
  ) {
    observe(instrument, .int(Int64(value)), attributes)
  }

  public func observe(
    _ instrument: ObservableInstrument, _ value: Double, _ attributes: [Attribute] = []
  ) {
    observe(instrument, .double(value), attributes)
  }

  private func observe(
    _ instrument: ObservableInstrument, _ value: MetricNumber, _ attributes: [Attribute]
  ) {
    guard reader < instrument.streams.count else { return }
    for stream in instrument.streams[reader] { stream.observe(value, attributes) }
  }
}

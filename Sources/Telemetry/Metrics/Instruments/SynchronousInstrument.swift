import OTLP

/// What all instruments that are told their measurements are made of: one stream or several, by
/// readers and views.
final class SynchronousInstrument: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: nothing changes; `only` is one of `streams`, which are kept.
  let descriptor: InstrumentDescriptor
  private let streams: [MetricStream]
  /// The stream when there is just one, as nearly always.
  private let only: Unmanaged<MetricStream>?

  init(_ descriptor: InstrumentDescriptor, _ streams: [MetricStream]) {
    self.descriptor = descriptor
    self.streams = streams
    only = streams.count == 1 ? streams.first.map { .passUnretained($0) } : nil
  }

  /// Whether measurements go anywhere.
  var isEnabled: Bool { !streams.isEmpty }

  @inline(__always)
  func record(_ value: Int64, _ attributes: [Attribute]) {
    attributes.withUnsafeBufferPointer { record(value, $0) }
  }

  @inline(__always)
  func record(_ value: Double, _ attributes: [Attribute]) {
    attributes.withUnsafeBufferPointer { record(value, $0) }
  }

  @inline(__always)
  private func record(_ value: Int64, _ attributes: UnsafeBufferPointer<Attribute>) {
    if let only { return only._withUnsafeGuaranteedRef { $0.record(value, attributes) } }
    for stream in streams { stream.record(value, attributes) }
  }

  @inline(__always)
  private func record(_ value: Double, _ attributes: UnsafeBufferPointer<Attribute>) {
    if let only { return only._withUnsafeGuaranteedRef { $0.record(value, attributes) } }
    for stream in streams { stream.record(value, attributes) }
  }

  /// The series for these attributes, held.
  func bind(_ attributes: [Attribute]) -> BoundInstrument {
    BoundInstrument(streams.map { $0.bind(attributes) })
  }

  /// The series for these attributes, held, when it is one and has all of them.
  func bindOnly(_ attributes: [Attribute]) -> MetricSeries? {
    guard streams.count == 1, let stream = streams.first else { return nil }
    let (series, filtered) = stream.bind(attributes)
    if filtered.isEmpty { return series }
    series.release(isEnd: false)
    return nil
  }
}

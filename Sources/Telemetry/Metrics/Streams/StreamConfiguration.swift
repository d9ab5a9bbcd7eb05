import OTLP

/// What becomes of one instrument's measurements for one reader: a metric.
struct StreamConfiguration: Sendable {
  let name: String
  let unit: String
  let text: String
  let kind: InstrumentKind
  let isInteger: Bool
  /// Never `default` nor `drop`.
  let aggregation: Aggregation
  let temporality: AggregationTemporality
  let filter: AttributeFilter?
  let seriesMax: Int
  let makeReservoir: (@Sendable ([Attribute]) -> any ExemplarReservoir)?

  /// - Returns: nil when nothing is to be kept.
  init?(
    _ instrument: InstrumentDescriptor, _ view: MetricView?, _ settings: MetricReaderSettings
  ) {
    let aggregation = Self.resolve(view?.aggregation ?? .default, instrument, settings)
    guard aggregation != .drop else { return nil }
    self.aggregation = aggregation
    name = view?.name ?? instrument.name
    unit = instrument.unit
    text = view?.description ?? instrument.text
    kind = instrument.kind
    isInteger = instrument.isInteger
    temporality =
      settings.temporalities[instrument.kind]
      ?? settings.temporality.temporality(of: instrument.kind)
    filter = view?.attributes ?? instrument.attributeKeys.map { .only($0) }
    seriesMax = view?.cardinalityMax ?? settings.cardinalityMax
    makeReservoir = view?.makeReservoir
  }

  /// What `default` means for an instrument (specification, "Default Aggregation").
  private static func resolve(
    _ wanted: Aggregation, _ instrument: InstrumentDescriptor, _ settings: MetricReaderSettings
  ) -> Aggregation {
    guard wanted == .default else { return wanted }
    if let own = settings.aggregations[instrument.kind], own != .default,
      own.objection(for: instrument.kind) == nil
    {
      return own
    }
    switch instrument.kind {
    case .counter, .upDownCounter, .observableCounter, .observableUpDownCounter: return .sum
    case .gauge, .observableGauge: return .lastValue
    case .histogram:
      switch settings.histogramAggregation {
      case .explicitBucketHistogram:
        return .explicitBucketHistogram(
          boundaries: instrument.boundaries ?? Aggregation.defaultBoundaries)
      case .base2ExponentialBucketHistogram: return .base2ExponentialHistogram()
      }
    }
  }

  /// Whether the metrics are one and the same, whichever instrument they come from.
  func isIdentical(to other: StreamConfiguration) -> Bool {
    name == other.name && unit == other.unit && text == other.text && kind == other.kind
      && isInteger == other.isInteger && aggregation == other.aggregation
      && filter == other.filter && seriesMax == other.seriesMax && makeReservoir == nil
      && other.makeReservoir == nil
  }

  func identity(in scope: InstrumentationScope) -> MetricIdentity {
    MetricIdentity(scope: scope, name: name, unit: unit, kind: kind)
  }

  /// The metric with these points; nil when there are none.
  func metric(_ points: MetricPoints) -> MetricRecord? {
    let data: MetricData
    switch aggregation {
    case .lastValue: data = .gauge(points.numbers.map(\.withoutStart))
    case .explicitBucketHistogram: data = .histogram(points.histograms, temporality)
    case .base2ExponentialHistogram:
      data = .exponentialHistogram(points.exponentialHistograms, temporality)
    case .sum, .default, .drop:
      data = .sum(points.numbers, temporality, isMonotonic: kind.isMonotonic)
    }
    guard data.pointCount > 0 else { return nil }
    return MetricRecord(name: name, description: text, unit: unit, data: data)
  }
}

extension NumberPoint {
  /// What a gauge shows has no beginning.
  fileprivate var withoutStart: NumberPoint {
    var point = self
    point.startUnixNanoseconds = 0
    return point
  }
}

import OTLP
import Synchronization

/// The metric that one reader makes of one instrument's measurements.
final class MetricStream: Sendable {
  let configuration: StreamConfiguration
  private let table: SeriesTable
  /// When the points of a delta that is collected next begin.
  private let intervalStart: Atomic<UInt64>

  init(_ configuration: StreamConfiguration, _ environment: MetricEnvironment) {
    self.configuration = configuration
    let makeReservoir =
      configuration.makeReservoir ?? Self.defaultReservoir(configuration.aggregation, environment)
    let policy = ExemplarPolicy(
      filter: environment.exemplarFilter, unixNanoseconds: environment.unixNanoseconds,
      makeReservoir: makeReservoir)
    let context = SeriesContext(policy: policy, unixNanoseconds: environment.unixNanoseconds)
    table = SeriesTable(
      filter: configuration.filter, seriesMax: configuration.seriesMax,
      make: Self.makeSeries(configuration, context))
    intervalStart = Atomic(environment.unixNanoseconds())
  }

  /// Specification, "Exemplar defaults".
  private static func defaultReservoir(
    _ aggregation: Aggregation, _ environment: MetricEnvironment
  ) -> @Sendable ([Attribute]) -> any ExemplarReservoir {
    let seed = environment.seed
    switch aggregation {
    case .explicitBucketHistogram(let values, _) where !values.isEmpty:
      let boundaries = BucketBoundaries(values)
      return { _ in AlignedHistogramBucketReservoir(boundaries, seed: seed()) }
    case .base2ExponentialHistogram(let bucketsMax, _, _):
      return { _ in SimpleFixedSizeReservoir(size: min(20, bucketsMax), seed: seed()) }
    default: return { _ in SimpleFixedSizeReservoir(size: 1, seed: seed()) }
    }
  }

  private static func makeSeries(
    _ configuration: StreamConfiguration, _ context: SeriesContext
  ) -> @Sendable (AttributeSet) -> MetricSeries {
    let isInteger = configuration.isInteger
    let isMonotonic = configuration.kind.isMonotonic
    switch configuration.aggregation {
    case .sum, .default, .drop:
      guard isInteger else {
        return { DoubleSumSeries($0, context, isMonotonic: isMonotonic) }
      }
      return { IntegerSumSeries($0, context, isMonotonic: isMonotonic) }
    case .lastValue: return { LastValueSeries($0, context, isInteger: isInteger) }
    case .explicitBucketHistogram(let values, let recordsMinMax):
      let boundaries = BucketBoundaries(values)
      return { set in
        HistogramSeries(set, context, boundaries: boundaries, recordsMinMax: recordsMinMax)
      }
    case .base2ExponentialHistogram(let bucketsMax, let scaleMax, let recordsMinMax):
      return { set in
        ExponentialHistogramSeries(
          set, context, bucketsMax: bucketsMax, scaleMax: scaleMax, recordsMinMax: recordsMinMax)
      }
    }
  }

  // MARK: Measuring

  @inline(__always)
  func record(_ value: Int64, _ attributes: UnsafeBufferPointer<Attribute>) {
    table.record(attributes, .int(value)) { $0.aggregate(value) }
  }

  @inline(__always)
  func record(_ value: Double, _ attributes: UnsafeBufferPointer<Attribute>) {
    table.record(attributes, .double(value)) { $0.aggregate(value) }
  }

  /// The series for these attributes, which is not forgotten until it is released, and the
  /// attributes that it does not have.
  func bind(_ attributes: [Attribute]) -> (series: MetricSeries, filtered: [Attribute]) {
    table.bind(attributes)
  }

  // MARK: Collecting

  /// The metric as it is now; nil when it has no points.
  func collect(at time: UInt64) -> MetricRecord? {
    let start = intervalStart.exchange(time, ordering: .relaxed)
    let isDelta = configuration.temporality == .delta
    var points = MetricPoints(MetricPoints.Interval(start: isDelta ? start : nil, end: time))
    // What has ended is out of reach before its last point is made, so that nothing is lost.
    for series in table.remove(where: \.isEnded) { _ = series.collect(into: &points) }
    var idle: Set<ObjectIdentifier> = []
    for series in table.all where !series.collect(into: &points) {
      if isDelta, !series.isHeld { idle.insert(ObjectIdentifier(series)) }
    }
    if !idle.isEmpty {
      _ = table.remove { series in
        idle.contains(ObjectIdentifier(series)) && !series.isHeld && series.isUntouched
      }
    }
    return configuration.metric(points)
  }
}

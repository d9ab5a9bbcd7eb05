import OTLP
import Synchronization

/// The points of one metric while they are collected; a metric has one kind of them.
struct MetricPoints {
  /// The time from the point before, or from the start of each series, to now.
  struct Interval {
    /// nil when points count from the start of their series.
    let start: UInt64?
    let end: UInt64
  }

  let interval: Interval
  var numbers: [NumberPoint] = []
  var histograms: [HistogramPoint] = []
  var exponentialHistograms: [ExponentialHistogramPoint] = []

  init(_ interval: Interval) { self.interval = interval }

  var isDelta: Bool { interval.start != nil }
}

extension MetricPoints {
  mutating func append(_ value: MetricNumber, of series: MetricSeries) {
    let (start, end) = times(of: series)
    numbers.append(
      NumberPoint(
        attributes: series.attributes.attributes, startUnixNanoseconds: start,
        unixNanoseconds: end, value: value, exemplars: series.exemplars?.collect() ?? []))
  }

  /// When what the point of a series counts began and ended. A series that began during this
  /// collection counts from its beginning.
  func times(of series: MetricSeries) -> (start: UInt64, end: UInt64) {
    let start = interval.start ?? series.start.load(ordering: .relaxed)
    return (min(start, interval.end), interval.end)
  }
}

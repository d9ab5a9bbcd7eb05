import OTLP
import ServiceContextModule
import Synchronization

@testable import Telemetry

/// A clock that tests set.
final class ManualWallClock: Sendable {
  private let time: Mutex<UInt64>

  init(_ start: UInt64 = 1_000) { time = Mutex(start) }

  var now: UInt64 {
    get { time.withLock { $0 } }
    set { time.withLock { $0 = newValue } }
  }

  @discardableResult
  func advance(by nanoseconds: UInt64) -> UInt64 {
    time.withLock { time in
      time += nanoseconds
      return time
    }
  }
}

/// A meter provider whose time and chance are the test's.
struct MetricFixture {
  let clock = ManualWallClock()
  let lines = DiagnosticLines()
  let provider: MeterProvider
  let meter: TelemetryMeter

  init(
    _ readers: [MetricReaderSettings] = [MetricReaderSettings()], views: [MetricView] = [],
    exemplars: TelemetryConfiguration.ExemplarFilter = .alwaysOff
  ) {
    var environment = MetricEnvironment()
    let clock = clock
    environment.unixNanoseconds = { clock.now }
    let seeds = Mutex<UInt64>(1)
    environment.seed = {
      seeds.withLock { seed in
        seed += 1
        return seed
      }
    }
    environment.exemplarFilter = exemplars
    environment.log = lines.log
    provider = MeterProvider(readers: readers, views: views, environment: environment)
    meter = provider.meter("test", version: "1")
  }

  init(
    temporality: TelemetryConfiguration.TemporalityPreference, cardinalityMax: Int = 2_000,
    views: [MetricView] = []
  ) {
    self.init([.with(temporality, cardinalityMax: cardinalityMax)], views: views)
  }

  /// All metrics of the test's meter.
  func collect(reader: Int = 0) -> [MetricRecord] {
    provider.observe(reader: reader)
    return provider.collect(reader: reader).flatMap(\.metrics)
  }

  /// The only metric there is, or nil when there are none or several.
  func collectOne(reader: Int = 0) -> MetricRecord? {
    let all = collect(reader: reader)
    return all.count == 1 ? all[0] : nil
  }
}

extension MetricReaderSettings {
  static func with(
    _ temporality: TelemetryConfiguration.TemporalityPreference,
    _ histograms: TelemetryConfiguration.HistogramAggregation = .explicitBucketHistogram,
    cardinalityMax: Int = 2_000
  ) -> MetricReaderSettings {
    var settings = MetricReaderSettings()
    settings.temporality = temporality
    settings.histogramAggregation = histograms
    settings.cardinalityMax = cardinalityMax
    return settings
  }
}

extension MetricRecord {
  var numbers: [NumberPoint] {
    switch data {
    case .gauge(let points), .sum(let points, _, _): points
    case .histogram, .exponentialHistogram: []
    }
  }

  var histograms: [HistogramPoint] {
    if case .histogram(let points, _) = data { points } else { [] }
  }

  var exponentialHistograms: [ExponentialHistogramPoint] {
    if case .exponentialHistogram(let points, _) = data { points } else { [] }
  }

  /// The value of the series with these attributes.
  func value(_ attributes: Attribute...) -> MetricNumber? {
    numbers.first { $0.attributes == attributes }?.value
  }

  var temporality: AggregationTemporality? {
    switch data {
    case .gauge: nil
    case .sum(_, let temporality, _), .histogram(_, let temporality),
      .exponentialHistogram(_, let temporality):
      temporality
    }
  }
}

extension ServiceContext {
  /// A context whose active span is one of another process.
  static func inSpan(_ number: UInt64, isSampled: Bool) -> ServiceContext {
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 1, low: number), spanID: SpanID(number),
      flags: isSampled ? .sampled : [])
    return context
  }
}

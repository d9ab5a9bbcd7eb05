import OTLP
import Testing

@testable import Telemetry

@Suite("Aggregation")
struct SeriesTests {
  private func descriptor(
    _ kind: InstrumentKind, isInteger: Bool
  ) -> InstrumentDescriptor {
    InstrumentDescriptor(name: "m", kind: kind, isInteger: isInteger)
  }

  private func instrument(
    _ fixture: MetricFixture, _ kind: InstrumentKind, isInteger: Bool
  ) -> SynchronousInstrument {
    fixture.meter.registry.synchronous(descriptor(kind, isInteger: isInteger))
  }

  struct Sum: Sendable {
    let kind: InstrumentKind
    let isInteger: Bool
    let values: [Double]
    let expected: MetricNumber

    init(_ kind: InstrumentKind, _ isInteger: Bool, _ values: [Double], _ expected: MetricNumber) {
      self.kind = kind
      self.isInteger = isInteger
      self.values = values
      self.expected = expected
    }
  }

  @Test(
    "sums and last values of fractional measurements",
    arguments: [
      Sum(.counter, false, [1.5, 2], .double(3.5)),
      Sum(.counter, false, [1, -5, .nan, .infinity, -.infinity, 2], .double(3)),
      Sum(.counter, false, [0], .double(0)),
      Sum(.counter, true, [1.4, 1.6], .int(3)),
      Sum(.counter, true, [1e300], .int(.max)),
      Sum(.counter, true, [.nan, .infinity, 1], .int(1)),
      Sum(.upDownCounter, false, [1.5, -4], .double(-2.5)),
      Sum(.upDownCounter, false, [3, .nan, -.infinity], .double(3)),
      Sum(.upDownCounter, true, [-1e300], .int(.min)),
      Sum(.gauge, false, [1, 2.5], .double(2.5)),
      Sum(.gauge, false, [1, .infinity], .double(.infinity)),
      Sum(.gauge, true, [1, 2.5, .nan, 1e300], .int(3)),
    ])
  func fractional(_ row: Sum) {
    let fixture = MetricFixture()
    let instrument = instrument(fixture, row.kind, isInteger: row.isInteger)
    for value in row.values { instrument.record(value, [Attribute("a", 1)]) }
    #expect(fixture.collectOne()?.numbers.map(\.value) == [row.expected])
  }

  @Test(
    "sums and last values of whole measurements",
    arguments: [
      (.counter, [1, 2, 3], 6), (.counter, [5, -1, -9], 5), (.counter, [.max, 1], .max),
      (.counter, [.max, .max, 7], .max), (.counter, [0], 0),
      (.upDownCounter, [5, -9], -4), (.upDownCounter, [.min, 0], .min),
      (.gauge, [7, -3], -3), (.gauge, [.max], .max),
    ] as [(InstrumentKind, [Int64], Int64)])
  func whole(_ kind: InstrumentKind, _ values: [Int64], _ expected: Int64) {
    let fixture = MetricFixture()
    let instrument = instrument(fixture, kind, isInteger: true)
    for value in values { instrument.record(value, []) }
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(expected)])
  }

  @Test("whole measurements of a fractional instrument")
  func wholeAsFractional() {
    for (kind, expected) in [(InstrumentKind.counter, 5.0), (.upDownCounter, 5), (.gauge, 3)] {
      let fixture = MetricFixture()
      let instrument = instrument(fixture, kind, isInteger: false)
      instrument.record(2 as Int64, [])
      instrument.record(3 as Int64, [])
      #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(expected)])
    }
  }

  @Test("what kind makes which data")
  func data() {
    func data(_ kind: InstrumentKind) -> MetricData? {
      let fixture = MetricFixture()
      instrument(fixture, kind, isInteger: false).record(1.0, [])
      return fixture.collectOne()?.data
    }
    if case .sum(_, .cumulative, isMonotonic: true)? = data(.counter) {} else {
      Issue.record("a counter is a monotonic sum")
    }
    if case .sum(_, .cumulative, isMonotonic: false)? = data(.upDownCounter) {} else {
      Issue.record("an up-down counter is a sum that is not monotonic")
    }
    if case .gauge? = data(.gauge) {} else { Issue.record("a gauge is a gauge") }
    if case .histogram(_, .cumulative)? = data(.histogram) {} else {
      Issue.record("a histogram is a histogram")
    }
  }

  private func histogram(_ values: [Double], boundaries: [Double]? = [1, 2]) -> HistogramPoint? {
    let fixture = MetricFixture()
    let histogram = fixture.meter.histogram("m", boundaries: boundaries)
    for value in values { histogram.record(value) }
    return fixture.collectOne()?.histograms.first
  }

  @Test("a histogram's buckets, count, sum and extremes")
  func histogram() throws {
    let point = try #require(histogram([0, 1, 1.5, 2, 2.5, 100]))
    #expect(point.boundaries == [1, 2])
    #expect(point.bucketCounts == [2, 2, 2])
    #expect(point.count == 6)
    #expect(point.sum == 107)
    #expect(point.minimum == 0)
    #expect(point.maximum == 100)
  }

  @Test("what is not finite is left out; what is negative takes the sum away")
  func oddMeasurements() throws {
    let finite = try #require(histogram([.nan, 1, .infinity, -.infinity]))
    #expect(finite.count == 1)
    #expect(finite.sum == 1)
    let negative = try #require(histogram([-0.5, 3]))
    #expect(negative.sum == nil)
    #expect(negative.minimum == -0.5)
    #expect(negative.bucketCounts == [1, 0, 1])
    #expect(histogram([.nan]) == nil)
  }

  @Test("without bounds there is a count and no buckets")
  func singleBucket() throws {
    let point = try #require(histogram([1, 2], boundaries: []))
    #expect(point.count == 2)
    #expect(point.sum == 3)
    #expect(point.bucketCounts.isEmpty)
    #expect(point.boundaries.isEmpty)
  }

  @Test("bounds that nobody gave are the specification's; invalid ones are reported")
  func defaultBoundaries() throws {
    #expect(histogram([1], boundaries: nil)?.boundaries == Aggregation.defaultBoundaries)
    let fixture = MetricFixture()
    fixture.meter.histogram("m", boundaries: [2, 1]).record(1)
    #expect(fixture.collectOne()?.histograms.first?.boundaries == Aggregation.defaultBoundaries)
    #expect(fixture.lines.all.count == 1)
  }

  @Test("histograms are exponential when the reader wants it")
  func exponential() throws {
    let fixture = MetricFixture([.with(.delta, .base2ExponentialBucketHistogram)])
    let histogram = fixture.meter.histogram("m", boundaries: [1, 2])
    for value in [1.0, 2, 4, 0, .nan] { histogram.record(value, [Attribute("a", 1)]) }
    fixture.clock.advance(by: 10)
    let metric = try #require(fixture.collectOne())
    #expect(metric.temporality == .delta)
    let point = try #require(metric.exponentialHistograms.first)
    #expect(point.attributes == [Attribute("a", 1)])
    #expect(point.count == 4)
    #expect(point.sum == 7)
    #expect(point.zeroCount == 1)
    #expect(point.startUnixNanoseconds == 1_000)
    #expect(point.unixNanoseconds == 1_010)
    #expect(fixture.collectOne() == nil)
    // A delta begins with the finest scale again.
    histogram.record(4)
    #expect(fixture.collectOne()?.exponentialHistograms.first?.scale == 20)
  }

  @Test("what was never measured has no point; what is bound counts from zero")
  func unused() {
    let fixture = MetricFixture()
    let bound = [
      fixture.meter.counter("counter").bound(), fixture.meter.histogram("histogram").bound(),
      fixture.meter.gauge("gauge").bound(), fixture.meter.upDownCounter("up.down").bound(),
    ]
    _ = fixture.meter.counter("unbound")
    #expect(fixture.collect().map(\.name) == ["counter", "up.down"])
    #expect(fixture.collect().flatMap(\.numbers).map(\.value) == [.int(0), .int(0)])
    withExtendedLifetime(bound) {}
  }
}

import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Exemplars")
struct ExemplarTests {
  private func exemplars(
    _ filter: TelemetryConfiguration.ExemplarFilter, in context: ServiceContext?
  ) -> [Exemplar] {
    let fixture = MetricFixture(exemplars: filter)
    let counter = fixture.meter.counter("m")
    func measure() {
      counter.add(3, [Attribute("a", 1)])
    }
    fixture.clock.now = 1_500
    if let context { ServiceContext.withValue(context) { measure() } } else { measure() }
    return fixture.collectOne()?.numbers.first?.exemplars ?? []
  }

  @Test("which measurements the filters let pass")
  func filters() {
    let sampled = ServiceContext.inSpan(7, isSampled: true)
    let unsampled = ServiceContext.inSpan(8, isSampled: false)
    let inSampled = Exemplar(
      value: .int(3), unixNanoseconds: 1_500, traceID: TraceID(high: 1, low: 7),
      spanID: SpanID(7))
    let inUnsampled = Exemplar(
      value: .int(3), unixNanoseconds: 1_500, traceID: TraceID(high: 1, low: 8),
      spanID: SpanID(8))
    #expect(exemplars(.traceBased, in: sampled) == [inSampled])
    #expect(exemplars(.traceBased, in: unsampled).isEmpty)
    #expect(exemplars(.traceBased, in: nil).isEmpty)
    #expect(exemplars(.alwaysOn, in: sampled) == [inSampled])
    #expect(exemplars(.alwaysOn, in: unsampled) == [inUnsampled])
    #expect(exemplars(.alwaysOn, in: nil) == [Exemplar(value: .int(3), unixNanoseconds: 1_500)])
    #expect(exemplars(.alwaysOff, in: sampled).isEmpty)
  }

  @Test("every kind of point has them", arguments: [true, false])
  func kinds(_ isBound: Bool) {
    let fixture = MetricFixture(
      [.with(.cumulative), .with(.delta, .base2ExponentialBucketHistogram)], exemplars: .alwaysOn)
    let meter = fixture.meter
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      if isBound {
        meter.counter("a").bound().record(1 as Int64)
        meter.counter("b", isInteger: false).bound().record(1.5)
        meter.upDownCounter("c").bound().record(1 as Int64)
        meter.gauge("d").bound().record(1.5)
        meter.histogram("e").bound().record(1.5)
      } else {
        meter.counter("a").add(1)
        meter.counter("b", isInteger: false).add(1.5)
        meter.upDownCounter("c").add(1)
        meter.gauge("d").record(1.5)
        meter.histogram("e").record(1.5)
      }
    }
    for reader in 0..<2 {
      let metrics = fixture.collect(reader: reader)
      let all =
        metrics.flatMap(\.numbers).map(\.exemplars) + metrics.flatMap(\.histograms).map(\.exemplars)
        + metrics.flatMap(\.exponentialHistograms).map(\.exemplars)
      #expect(all.count == 5)
      #expect(
        all.map { $0.map(\.value) } == [
          [.int(1)], [.double(1.5)], [.int(1)], [.double(1.5)], [.double(1.5)],
        ])
      #expect(all.joined().allSatisfy { $0.spanID == SpanID(7) })
    }
  }

  @Test("a histogram has one for each bucket")
  func buckets() {
    let fixture = MetricFixture(exemplars: .alwaysOn)
    let histogram = fixture.meter.histogram("m", boundaries: [1, 2, 3])
    for value in [0.5, 0.6, 1.5, 3.5, 3.6, 0.7] { histogram.record(value) }
    let point = fixture.collectOne()?.histograms.first
    let buckets = (point?.exemplars ?? []).map { exemplar in
      [1.0, 2, 3].count { $0 < exemplar.value.double }
    }
    #expect(buckets == [0, 1, 3])
  }

  @Test("an exponential histogram has at most twenty, or as many as it may have buckets")
  func exponential() {
    var view = MetricView(.init(name: "few"))
    view.aggregation = .base2ExponentialHistogram(bucketsMax: 5)
    let fixture = MetricFixture(
      [.with(.cumulative, .base2ExponentialBucketHistogram)], views: [view], exemplars: .alwaysOn)
    let (few, many) = (fixture.meter.histogram("few"), fixture.meter.histogram("many"))
    for value in 1...100 {
      few.record(value)
      many.record(value)
    }
    #expect(fixture.collect().map { $0.exponentialHistograms[0].exemplars.count } == [5, 20])
  }

  @Test("each collection has its own")
  func collected() {
    let fixture = MetricFixture(exemplars: .alwaysOn)
    let counter = fixture.meter.counter("m")
    for value in 1...1_000 { counter.add(value) }
    #expect(fixture.collectOne()?.numbers.first?.exemplars.count == 1)
    #expect(fixture.collectOne()?.numbers.first?.exemplars.isEmpty == true)
    // The very next measurement is looked at again, though many were to be passed over.
    counter.add(5_000)
    #expect(fixture.collectOne()?.numbers.first?.exemplars.map(\.value) == [.int(5_000)])
  }

  @Test("attributes that the point does not have are kept, whatever took them out")
  func filteredAttributes() {
    var view = MetricView(.init(name: "m"))
    view.attributes = .only(["kept"])
    view.cardinalityMax = 1
    let fixture = MetricFixture(views: [view], exemplars: .alwaysOn)
    let counter = fixture.meter.counter("m")
    let given = [Attribute("left", "out"), Attribute("kept", 1), Attribute("also", true)]
    counter.add(1, given)
    counter.bound([Attribute("kept", 2), Attribute("too", "much")]).record(1 as Int64)
    let points = fixture.collectOne()?.numbers ?? []
    #expect(
      points.map { $0.exemplars.map(\.filteredAttributes) } == [
        [[Attribute("also", true), Attribute("left", "out")]],
        [[Attribute("kept", 2), Attribute("too", "much")]],
      ])
    counter.add(1, [Attribute("kept", 3)])
    counter.bound(given).record(2 as Int64)
    let later = fixture.collectOne()?.numbers ?? []
    #expect(
      later.map { $0.exemplars.map(\.filteredAttributes) } == [
        [[Attribute("also", true), Attribute("left", "out")]], [[Attribute("kept", 3)]],
      ])
  }

  @Test("a measurement in a span is found among many outside of one")
  func rare() {
    let fixture = MetricFixture(exemplars: .traceBased)
    let histogram = fixture.meter.histogram("m", boundaries: [10]).bound()
    for _ in 0..<10_000 { histogram.record(1.0) }
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      // A bucket that had no measurement yet is looked at; a busy one within sixteen.
      histogram.record(11.0)
      for _ in 0..<16 { histogram.record(2.0) }
    }
    let exemplars = fixture.collectOne()?.histograms.first?.exemplars ?? []
    #expect(exemplars.map(\.value) == [.double(2), .double(11)])
  }

  @Test("offering a measurement does not change what is counted")
  func counted() {
    for filter in TelemetryConfiguration.ExemplarFilter.allCases {
      let fixture = MetricFixture(exemplars: filter)
      let histogram = fixture.meter.histogram("m", boundaries: [10])
      ServiceContext.withValue(.inSpan(7, isSampled: true)) {
        for _ in 0..<1_000 { histogram.record(3) }
      }
      let point = fixture.collectOne()?.histograms.first
      #expect(point?.count == 1_000)
      #expect(point?.sum == 3_000)
      #expect(point?.bucketCounts == [1_000, 0])
    }
  }
}

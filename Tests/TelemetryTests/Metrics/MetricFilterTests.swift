import OTLP
import Testing

@testable import Telemetry

/// Wants some metrics, and of others some points.
private struct PickyFilter: MetricFilter {
  func test(_ metric: MetricIdentity) -> MetricFilterResult {
    switch metric.name {
    case "all": .accept
    case "some": .acceptPartial
    default: .drop
    }
  }

  func accepts(_ attributes: [Attribute], of metric: MetricIdentity) -> Bool {
    attributes == [Attribute("k", "wanted")]
  }
}

/// Brings three metrics, unless the reader's filter does not want them.
private final class Producer: MetricProducer {
  let calls = CallNotes()

  func produce(at unixNanoseconds: UInt64, filter: (any MetricFilter)?) -> [ScopeMetrics] {
    calls.note(filter == nil ? "without" : "with")
    let points = ["wanted", "other"].map {
      NumberPoint(
        attributes: [Attribute("k", .string($0))], startUnixNanoseconds: 1,
        unixNanoseconds: unixNanoseconds, value: .int(1))
    }
    return [
      ScopeMetrics(
        scope: InstrumentationScope(name: "elsewhere"),
        metrics: ["all", "none", "some"].map { MetricRecord(name: $0, data: .gauge(points)) })
    ]
  }
}

@Suite("Metric filters and producers")
struct MetricFilterTests {
  private func settings(
    filter: (any MetricFilter)? = nil, producers: [any MetricProducer] = []
  ) -> MetricReaderSettings {
    var settings = MetricReaderSettings()
    settings.filter = filter
    settings.producers = producers
    return settings
  }

  @Test("metrics and points that are not wanted are left out, for this reader only")
  func filter() {
    let fixture = MetricFixture([settings(filter: PickyFilter()), settings()])
    for name in ["all", "none", "some"] {
      for value in ["wanted", "other"] {
        fixture.meter.counter(name).add(1, [Attribute("k", .string(value))])
      }
    }
    fixture.meter.histogram("some", unit: "x").record(1, [Attribute("k", "other")])
    let filtered = fixture.collect()
    #expect(filtered.map(\.name) == ["all", "some"])
    #expect(filtered.map(\.numbers.count) == [2, 1])
    #expect(filtered[1].numbers[0].attributes == [Attribute("k", "wanted")])
    #expect(fixture.collect(reader: 1).map(\.name).sorted() == ["all", "none", "some", "some"])
  }

  @Test("what producers bring joins every collection, with the reader's filter")
  func producers() {
    let producer = Producer()
    let fixture = MetricFixture([
      settings(filter: PickyFilter(), producers: [producer]), settings(producers: [producer]),
    ])
    fixture.clock.now = 77
    let filtered = fixture.provider.collect(reader: 0)
    #expect(filtered.map(\.scope.name) == ["elsewhere"])
    #expect(filtered[0].metrics.map(\.name) == ["all", "some"])
    #expect(filtered[0].metrics.map(\.numbers.count) == [2, 1])
    #expect(filtered[0].metrics[0].numbers[0].unixNanoseconds == 77)
    #expect(fixture.provider.collect(reader: 1)[0].metrics.map(\.numbers.count) == [2, 2, 2])
    #expect(producer.calls.all == ["with", "without"])
  }

  @Test("a reader's own aggregation and temporality by kind; what cannot be is reported")
  func byKind() {
    var settings = MetricReaderSettings()
    settings.aggregations = [
      .histogram: .base2ExponentialHistogram(bucketsMax: 2), .gauge: .drop,
      .counter: .lastValue, .upDownCounter: .default,
    ]
    settings.temporalities = [.upDownCounter: .delta, .counter: .delta]
    let fixture = MetricFixture([settings])
    fixture.meter.histogram("h").record(1)
    fixture.meter.gauge("g").record(1)
    for _ in 0..<2 {
      fixture.meter.counter("c").add(2)
      fixture.meter.upDownCounter("u").add(3)
      let metrics = fixture.collect()
      #expect(metrics.map(\.name) == ["c", "h", "u"])
      #expect(metrics[0].numbers.map(\.value) == [.int(2)])
      #expect(metrics[0].temporality == .delta && metrics[2].temporality == .delta)
      #expect(metrics[2].numbers.map(\.value) == [.int(3)])
      #expect(metrics[1].exponentialHistograms.count == 1 && metrics[1].temporality == .cumulative)
    }
    #expect(fixture.lines.all.count == 1 && fixture.lines.all[0].contains("counter"))
  }

  @Test("a view beats a reader's aggregation")
  func viewFirst() {
    var settings = MetricReaderSettings()
    settings.aggregations = [.histogram: .drop]
    var view = MetricView(.init(name: "h"))
    view.aggregation = .sum
    let fixture = MetricFixture([settings], views: [view])
    fixture.meter.histogram("h").record(2)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(2)])
  }

  @Test(
    "units: 63 ASCII characters, and one more; any unit works",
    arguments: [
      ("", true), ("{order}", true), (String(repeating: "u", count: 63), true),
      (String(repeating: "u", count: 64), false), ("µs", false),
    ])
  func units(unit: String, isValid: Bool) {
    let fixture = MetricFixture()
    for _ in 0..<2 { fixture.meter.counter("m", unit: unit).add(1) }
    #expect(fixture.collectOne()?.unit == unit)
    #expect(fixture.lines.all.count == (isValid ? 0 : 1))
  }
}

import OTLP
import Testing

@testable import Telemetry

@Suite("Temporality and time")
struct TemporalityTests {
  @Test(
    "which instruments count from the point before",
    arguments: [
      (.cumulative, []), (.delta, [.counter, .histogram, .observableCounter]),
      (.lowMemory, [.counter, .histogram]),
    ] as [(TelemetryConfiguration.TemporalityPreference, Set<InstrumentKind>)])
  func preferences(
    _ preference: TelemetryConfiguration.TemporalityPreference, _ deltas: Set<InstrumentKind>
  ) {
    for kind in InstrumentKind.allCases {
      #expect(preference.temporality(of: kind) == (deltas.contains(kind) ? .delta : .cumulative))
    }
  }

  @Test("a cumulative sum goes on from one start")
  func cumulative() {
    let fixture = MetricFixture(temporality: .cumulative)
    let counter = fixture.meter.counter("m")
    fixture.clock.now = 2_000
    counter.add(1)
    fixture.clock.now = 3_000
    let first = fixture.collectOne()?.numbers.first
    #expect(first?.startUnixNanoseconds == 2_000, "the series began with its first measurement")
    #expect(first?.unixNanoseconds == 3_000)
    fixture.clock.now = 4_000
    let second = fixture.collectOne()?.numbers.first
    #expect(second?.value == .int(1), "it is there without a new measurement")
    #expect(second?.startUnixNanoseconds == 2_000)
    #expect(second?.unixNanoseconds == 4_000)
    counter.add(2)
    counter.add(5, [Attribute("later", true)])
    fixture.clock.now = 5_000
    let third = fixture.collectOne()?.numbers ?? []
    #expect(third.map(\.value) == [.int(3), .int(5)])
    #expect(third.map(\.startUnixNanoseconds) == [2_000, 4_000])
  }

  @Test("a delta counts from the collection before")
  func delta() {
    let fixture = MetricFixture(temporality: .delta)
    let counter = fixture.meter.counter("m")
    fixture.clock.now = 2_000
    counter.add(1)
    fixture.clock.now = 3_000
    let first = fixture.collectOne()?.numbers.first
    #expect(first?.startUnixNanoseconds == 1_000, "since the instrument was made")
    #expect(first?.unixNanoseconds == 3_000)
    #expect(first?.value == .int(1))
    fixture.clock.now = 4_000
    #expect(fixture.collect().isEmpty, "nothing was measured")
    counter.add(2)
    counter.add(5, [Attribute("later", true)])
    fixture.clock.now = 5_000
    let third = fixture.collectOne()?.numbers ?? []
    #expect(third.map(\.value) == [.int(2), .int(5)])
    #expect(third.map(\.startUnixNanoseconds) == [4_000, 4_000])
  }

  @Test("a histogram's delta begins anew")
  func histogramDelta() {
    let fixture = MetricFixture(temporality: .delta)
    let histogram = fixture.meter.histogram("m", boundaries: [10])
    histogram.record(-3)
    histogram.record(11)
    let first = fixture.collectOne()?.histograms.first
    #expect(first?.bucketCounts == [1, 1])
    histogram.record(5)
    let second = fixture.collectOne()?.histograms.first
    #expect(second?.bucketCounts == [1, 0])
    #expect(second?.sum == 5)
    #expect(second?.minimum == 5)
    #expect(second?.maximum == 5)
    #expect(fixture.collect().isEmpty)
  }

  @Test("fractional deltas")
  func fractionalDelta() {
    let fixture = MetricFixture(temporality: .lowMemory)
    let counter = fixture.meter.counter("m", isInteger: false)
    counter.add(0.5)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(0.5)])
    #expect(fixture.collect().isEmpty)
    counter.add(0.25)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(0.25)])
  }

  @Test("gauges and up-down counters keep their values, whatever is preferred")
  func kept() {
    let fixture = MetricFixture(temporality: .delta)
    fixture.meter.upDownCounter("sum").add(4)
    fixture.meter.gauge("gauge").record(5.5)
    for time in [2_000, 3_000] as [UInt64] {
      fixture.clock.now = time
      let metrics = fixture.collect()
      #expect(metrics.map(\.name) == ["gauge", "sum"])
      #expect(metrics[0].numbers.map(\.value) == [.double(5.5)])
      #expect(metrics[0].numbers.map(\.startUnixNanoseconds) == [0], "a gauge has no interval")
      #expect(metrics[1].numbers.map(\.value) == [.int(4)])
      #expect(metrics[1].numbers.map(\.startUnixNanoseconds) == [1_000])
      #expect(metrics[1].temporality == .cumulative)
    }
  }

  @Test("readers do not disturb each other")
  func severalReaders() {
    let fixture = MetricFixture([.with(.delta), .with(.cumulative), .with(.delta)])
    let counter = fixture.meter.counter("m")
    counter.add(1)
    #expect(fixture.collectOne(reader: 0)?.numbers.map(\.value) == [.int(1)])
    counter.add(2)
    #expect(fixture.collectOne(reader: 0)?.numbers.map(\.value) == [.int(2)])
    #expect(fixture.collectOne(reader: 1)?.numbers.map(\.value) == [.int(3)])
    #expect(fixture.collectOne(reader: 2)?.numbers.map(\.value) == [.int(3)])
    let bound = counter.bound([Attribute("a", 1)])
    bound.record(7 as Int64)
    for reader in 0..<3 {
      #expect(
        fixture.collectOne(reader: reader)?.value(Attribute("a", 1)) == .int(7))
    }
  }

  @Test("a clock that is set back makes no interval that ends before it begins")
  func clockSetBack() {
    let fixture = MetricFixture(temporality: .delta)
    let counter = fixture.meter.counter("m")
    counter.add(1)
    fixture.clock.now = 9_000
    #expect(fixture.collectOne()?.numbers.first?.unixNanoseconds == 9_000)
    fixture.clock.now = 3_000
    counter.add(1)
    let point = fixture.collectOne()?.numbers.first
    #expect(point?.startUnixNanoseconds == 9_000)
    #expect(point?.unixNanoseconds == 9_001)
  }

  @Test("a series that is made after its clock was set back does not begin in the future")
  func seriesFromTheFuture() {
    let fixture = MetricFixture(temporality: .cumulative)
    fixture.clock.now = 5_000
    fixture.meter.counter("m").add(1)
    fixture.clock.now = 4_000
    let point = fixture.collectOne()?.numbers.first
    #expect(point?.unixNanoseconds == 4_000)
    #expect(point?.startUnixNanoseconds == 4_000)
  }

  @Test("metrics come by name, within their scopes, with what describes them")
  func order() {
    let fixture = MetricFixture()
    fixture.meter.counter("b", unit: "By", description: "bytes").add(1)
    fixture.meter.counter("a").add(1)
    fixture.provider.meter("other").counter("c").add(1)
    let scopes = fixture.provider.collect(reader: 0)
    #expect(scopes.map(\.scope.name) == ["test", "other"])
    #expect(scopes[0].scope.version == "1")
    #expect(scopes[0].metrics.map(\.name) == ["a", "b"])
    #expect(scopes[0].metrics[1].unit == "By")
    #expect(scopes[0].metrics[1].description == "bytes")
  }
}

import OTLP
import Testing

@testable import Telemetry

@Suite("Cardinality limits")
struct CardinalityTests {
  private static let overflow = Attribute("otel.metric.overflow", true)

  private func number(_ index: Int) -> [Attribute] { [Attribute("n", .int(Int64(index)))] }

  @Test(
    "as many sets of attributes as the limit are kept, one more shares a point",
    arguments: [1, 2, 3, 4, 5, 100, 2_000])
  func edge(_ limit: Int) {
    let fixture = MetricFixture(temporality: .cumulative, cardinalityMax: limit)
    let counter = fixture.meter.counter("m")
    for index in 0..<limit { counter.add(1, number(index)) }
    #expect(fixture.collectOne()?.numbers.count == limit)
    #expect(fixture.collectOne()?.value(Self.overflow) == nil)
    counter.add(10, number(limit))
    counter.add(20, number(limit + 1))
    // What was there before stays itself.
    counter.add(1, number(0))
    let metric = fixture.collectOne()
    #expect(metric?.numbers.count == limit + 1)
    #expect(metric?.value(Self.overflow) == .int(30))
    #expect(metric?.value(Attribute("n", 0)) == .int(2))
  }

  @Test("the default is 2,000")
  func defaultLimit() {
    #expect(MetricReaderSettings().cardinalityMax == 2_000)
    #expect(TelemetryConfiguration().metrics.cardinalityMax == 2_000)
  }

  @Test("every measurement is in exactly one point", arguments: [false, true])
  func nothingIsLost(_ isDelta: Bool) {
    let fixture = MetricFixture(
      temporality: isDelta ? .delta : .cumulative, cardinalityMax: 10)
    let counter = fixture.meter.counter("m")
    var total: Int64 = 0
    var random = SplitMix64(seed: 5)
    for round in 1...20 {
      for _ in 0..<100 { counter.add(1, number(Int(random.next() % 15) + round)) }
      let numbers = fixture.collectOne()?.numbers ?? []
      #expect(numbers.count <= 11)
      let sum = numbers.reduce(0) { $0 + Int64($1.value.double) }
      total = isDelta ? total + sum : sum
      #expect(total == Int64(round) * 100)
    }
  }

  @Test("a delta forgets what is not measured any more, and has room again")
  func deltaForgets() {
    let fixture = MetricFixture(temporality: .delta, cardinalityMax: 2)
    let counter = fixture.meter.counter("m")
    for index in 0..<3 { counter.add(1, number(index)) }
    #expect(fixture.collectOne()?.value(Self.overflow) == .int(1))
    // Idle for one collection.
    #expect(fixture.collect().isEmpty)
    counter.add(1, number(7))
    counter.add(1, number(8))
    let metric = fixture.collectOne()
    #expect(metric?.value(Attribute("n", 7)) == .int(1))
    #expect(metric?.value(Attribute("n", 8)) == .int(1))
    #expect(metric?.numbers.count == 2)
  }

  @Test("what is held is not forgotten")
  func heldStays() {
    let fixture = MetricFixture(temporality: .delta, cardinalityMax: 1)
    let bound = fixture.meter.counter("m").bound(number(1))
    #expect(fixture.collect().isEmpty)
    #expect(fixture.collect().isEmpty)
    fixture.meter.counter("m").add(3, number(2))
    bound.record(1 as Int64)
    let metric = fixture.collectOne()
    #expect(metric?.value(Attribute("n", 1)) == .int(1))
    #expect(metric?.value(Self.overflow) == .int(3))
  }

  @Test("what is bound when there is no room goes to the overflow, and stays there")
  func boundOverflow() {
    let fixture = MetricFixture(temporality: .cumulative, cardinalityMax: 1)
    let counter = fixture.meter.counter("m")
    counter.add(1, number(0))
    counter.bound(number(1)).record(5 as Int64)
    #expect(fixture.collectOne()?.value(Self.overflow) == .int(5))
  }

  @Test("attributes are filtered before they are counted")
  func filteredFirst() {
    var view = MetricView(.init(name: "m"))
    view.attributes = .only(["kept"])
    view.cardinalityMax = 1
    let fixture = MetricFixture(temporality: .cumulative, views: [view])
    let counter = fixture.meter.counter("m")
    for index in 0..<10 {
      counter.add(1, [Attribute("kept", "x"), Attribute("n", .int(Int64(index)))])
    }
    #expect(fixture.collectOne()?.value(Attribute("kept", "x")) == .int(10))
    counter.add(1, [Attribute("kept", "y")])
    #expect(fixture.collectOne()?.value(Self.overflow) == .int(1))
  }

  @Test("a name that is given twice finds its series, also when there is no room")
  func twice() {
    let fixture = MetricFixture(temporality: .cumulative, cardinalityMax: 1)
    let counter = fixture.meter.counter("m")
    counter.add(1, number(1))
    counter.add(1, number(2))
    counter.add(1, [Attribute("n", 5), Attribute("n", 1)])
    #expect(fixture.collectOne()?.value(Attribute("n", 1)) == .int(2))
    #expect(fixture.collectOne()?.value(Self.overflow) == .int(1))
  }

  @Test("what ended is collected once more and forgotten")
  func ended() {
    let fixture = MetricFixture(temporality: .cumulative)
    let counter = fixture.meter.counter("m")
    let first = counter.bound(number(1))
    let second = counter.bound(number(1))
    first.record(1 as Int64)
    first.end()
    first.end()
    #expect(fixture.collectOne()?.value(Attribute("n", 1)) == .int(1), "someone else holds it")
    #expect(fixture.collectOne()?.value(Attribute("n", 1)) == .int(1))
    second.record(1 as Int64)
    second.end()
    #expect(fixture.collectOne()?.value(Attribute("n", 1)) == .int(2))
    #expect(fixture.collect().isEmpty)
    fixture.clock.now = 7_000
    counter.add(1, number(1))
    let point = fixture.collectOne()?.numbers.first
    #expect(point?.value == .int(1))
    #expect(point?.startUnixNanoseconds == 7_000)
  }

  @Test("what ended and was held again goes on")
  func revived() {
    let fixture = MetricFixture(temporality: .cumulative)
    let counter = fixture.meter.counter("m")
    let first = counter.bound(number(1))
    first.record(1 as Int64)
    first.end()
    let second = counter.bound(number(1))
    second.record(1 as Int64)
    for _ in 0..<2 { #expect(fixture.collectOne()?.value(Attribute("n", 1)) == .int(2)) }
    withExtendedLifetime(second) {}
  }

  @Test("what nobody holds any more stays in a cumulative metric")
  func released() {
    let fixture = MetricFixture(temporality: .cumulative)
    fixture.meter.counter("m").bound(number(1)).record(1 as Int64)
    for _ in 0..<3 { #expect(fixture.collectOne()?.numbers.count == 1) }
  }
}

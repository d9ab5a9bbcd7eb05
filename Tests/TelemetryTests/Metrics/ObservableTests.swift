import OTLP
import Synchronization
import Testing

@testable import Telemetry

@Suite("Observable instruments")
struct ObservableTests {
  private final class Value: Sendable {
    let number = Atomic<Int>(0)
  }

  @Test("a callback is asked once for each collection of a reader")
  func callback() {
    let fixture = MetricFixture([.with(.cumulative), .with(.cumulative)])
    let gauge = fixture.meter.observableGauge("m", unit: "K", description: "d", isInteger: true)
    let calls = Value()
    fixture.meter.addCallback { observer in
      let call = calls.number.wrappingAdd(1, ordering: .relaxed).newValue
      observer.observe(gauge, call, [Attribute("a", 1)])
    }
    #expect(calls.number.load(ordering: .relaxed) == 0)
    let first = fixture.collectOne(reader: 0)
    #expect(first?.value(Attribute("a", 1)) == .int(1))
    #expect(first?.unit == "K")
    #expect(first?.description == "d")
    #expect(fixture.collectOne(reader: 1)?.value(Attribute("a", 1)) == .int(2))
    #expect(fixture.collectOne(reader: 0)?.value(Attribute("a", 1)) == .int(3))
  }

  @Test("which data observations become")
  func kinds() {
    let fixture = MetricFixture()
    let meter = fixture.meter
    let instruments = [
      meter.observableCounter("a"), meter.observableUpDownCounter("b"),
      meter.observableGauge("c"), meter.observableCounter("d", isInteger: false),
    ]
    meter.addCallback { observer in
      for instrument in instruments { observer.observe(instrument, 2.6) }
    }
    let metrics = fixture.collect()
    #expect(
      metrics.flatMap(\.numbers).map(\.value) == [.int(3), .int(3), .double(2.6), .double(2.6)])
    if case .sum(_, .cumulative, isMonotonic: true) = metrics[0].data {} else {
      Issue.record("an observable counter is a monotonic sum")
    }
    if case .sum(_, .cumulative, isMonotonic: false) = metrics[1].data {} else {
      Issue.record("an observable up-down counter is a sum that is not monotonic")
    }
    if case .gauge = metrics[2].data {} else { Issue.record("a gauge is a gauge") }
  }

  @Test("what is not observed any more is not there any more")
  func vanishing() {
    let fixture = MetricFixture()
    let gauge = fixture.meter.observableGauge("m", isInteger: true)
    let round = Value()
    fixture.meter.addCallback { observer in
      let round = round.number.load(ordering: .relaxed)
      if round != 1 { observer.observe(gauge, round, [Attribute("a", 1)]) }
      observer.observe(gauge, 9, [Attribute("b", 1)])
    }
    #expect(fixture.collectOne()?.numbers.count == 2)
    round.number.store(1, ordering: .relaxed)
    #expect(fixture.collectOne()?.numbers.map(\.attributes) == [[Attribute("b", 1)]])
    round.number.store(2, ordering: .relaxed)
    #expect(fixture.collectOne()?.value(Attribute("a", 1)) == .int(2))
  }

  @Test("a cancelled callback is not asked any more, the others are")
  func cancelling() {
    let fixture = MetricFixture()
    let gauge = fixture.meter.observableGauge("m", isInteger: true)
    let registration = fixture.meter.addCallback { $0.observe(gauge, 1, [Attribute("a", 1)]) }
    fixture.meter.addCallback { $0.observe(gauge, 2, [Attribute("b", 1)]) }
    #expect(fixture.collectOne()?.numbers.count == 2)
    registration.cancel()
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(2)])
  }

  @Test("a counter's deltas, from observations of the whole")
  func delta() {
    let fixture = MetricFixture(temporality: .delta)
    let counter = fixture.meter.observableCounter("m")
    let total = Value()
    fixture.meter.addCallback { $0.observe(counter, total.number.load(ordering: .relaxed)) }
    var seen: [MetricNumber?] = []
    var starts: [UInt64?] = []
    for (value, time) in [(10, 2_000), (25, 3_000), (25, 4_000), (5, 5_000), (7, 6_000)] {
      total.number.store(value, ordering: .relaxed)
      fixture.clock.now = UInt64(time)
      let metric = fixture.collectOne()
      #expect(metric?.temporality == .delta)
      seen.append(metric?.numbers.first?.value)
      starts.append(metric?.numbers.first?.startUnixNanoseconds)
    }
    // A count that fell began anew.
    #expect(seen == [.int(10), .int(15), .int(0), .int(5), .int(2)])
    #expect(starts == [1_000, 2_000, 3_000, 4_000, 5_000])
  }

  @Test("fractional deltas")
  func fractionalDelta() {
    let fixture = MetricFixture(temporality: .delta)
    let counter = fixture.meter.observableCounter("m", isInteger: false)
    let total = Value()
    fixture.meter.addCallback {
      $0.observe(counter, Double(total.number.load(ordering: .relaxed)) / 2)
    }
    total.number.store(3, ordering: .relaxed)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(1.5)])
    total.number.store(4, ordering: .relaxed)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(0.5)])
  }

  @Test("a series starts with its instrument, or with the collection before it was first seen")
  func starts() {
    let fixture = MetricFixture()
    let counter = fixture.meter.observableCounter("m")
    let isLate = Value()
    fixture.meter.addCallback { observer in
      observer.observe(counter, 1, [Attribute("a", 1)])
      if isLate.number.load(ordering: .relaxed) == 1 {
        observer.observe(counter, 1, [Attribute("b", 1)])
      }
    }
    fixture.clock.now = 2_000
    #expect(fixture.collectOne()?.numbers.map(\.startUnixNanoseconds) == [1_000])
    fixture.clock.now = 3_000
    isLate.number.store(1, ordering: .relaxed)
    #expect(fixture.collectOne()?.numbers.map(\.startUnixNanoseconds) == [1_000, 2_000])
    fixture.clock.now = 4_000
    #expect(fixture.collectOne()?.numbers.map(\.startUnixNanoseconds) == [1_000, 2_000])
  }

  @Test("the first sets of attributes are kept apart, the others share a point")
  func cardinality() {
    let fixture = MetricFixture(temporality: .cumulative, cardinalityMax: 2)
    let counter = fixture.meter.observableCounter("sum")
    let gauge = fixture.meter.observableGauge("value", isInteger: true)
    let count = Value()
    fixture.meter.addCallback { observer in
      for index in 0..<count.number.load(ordering: .relaxed) {
        observer.observe(counter, 10, [Attribute("n", .int(Int64(index)))])
        observer.observe(gauge, index, [Attribute("n", .int(Int64(index)))])
      }
    }
    count.number.store(2, ordering: .relaxed)
    let few = fixture.collect().map { $0.numbers.map(\.value) }
    #expect(few == [[.int(10), .int(10)], [.int(0), .int(1)]])
    count.number.store(5, ordering: .relaxed)
    for _ in 0..<2 {
      let metrics = fixture.collect()
      #expect(metrics[0].numbers.map(\.value) == [.int(10), .int(10), .int(30)])
      #expect(metrics[0].value(Attribute("otel.metric.overflow", true)) == .int(30))
      #expect(metrics[1].numbers.map(\.value) == [.int(0), .int(1), .int(4)])
    }
  }

  @Test("observations of the same attributes: the last one; of attributes left out: their sum")
  func duplicates() {
    func collected(_ views: [MetricView]) -> [[MetricNumber]] {
      let fixture = MetricFixture(views: views)
      let counter = fixture.meter.observableCounter("sum")
      let gauge = fixture.meter.observableGauge("value", isInteger: true)
      fixture.meter.addCallback { observer in
        for instrument in [counter, gauge] {
          observer.observe(instrument, 1, [Attribute("a", 1)])
          observer.observe(instrument, 5, [Attribute("a", 1)])
        }
      }
      return fixture.collect().map { $0.numbers.map(\.value) }
    }
    #expect(collected([]) == [[.int(5)], [.int(5)]])
    var view = MetricView(.init())
    view.attributes = .only([])
    #expect(collected([view]) == [[.int(6)], [.int(5)]])
  }

  @Test(
    "what an instrument cannot show is left out",
    arguments: [
      (.observableCounter, true, .nan, nil), (.observableCounter, true, 1e300, nil),
      (.observableCounter, false, .infinity, nil), (.observableGauge, true, .nan, nil),
      (.observableGauge, false, .infinity, .double(.infinity)),
      (.observableUpDownCounter, false, -1.5, .double(-1.5)),
    ] as [(InstrumentKind, Bool, Double, MetricNumber?)])
  func oddObservations(
    _ kind: InstrumentKind, _ isInteger: Bool, _ value: Double, _ expected: MetricNumber?
  ) {
    let fixture = MetricFixture()
    let instrument = fixture.meter.registry.observable(
      InstrumentDescriptor(name: "m", kind: kind, isInteger: isInteger))
    fixture.meter.addCallback { $0.observe(instrument, value) }
    #expect(fixture.collectOne()?.numbers.first?.value == expected)
  }

  @Test("observations of whole numbers that are beyond 64 bits together stay at the limit")
  func overflow() {
    var view = MetricView(.init())
    view.attributes = .only([])
    let fixture = MetricFixture(views: [view])
    let counter = fixture.meter.observableCounter("m")
    fixture.meter.addCallback { observer in
      observer.observe(counter, .max, [Attribute("a", 1)])
      observer.observe(counter, 1, [Attribute("a", 2)])
    }
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(.max)])
  }

  @Test("while callbacks have not come to their end, what they observe is not collected")
  func unfinished() {
    let fixture = MetricFixture()
    let gauge = fixture.meter.observableGauge("observed")
    fixture.meter.addCallback { $0.observe(gauge, 1) }
    fixture.meter.counter("told").add(1)
    fixture.provider.observe(reader: 0)
    let without = fixture.provider.collect(reader: 0, includesObserved: false)
    #expect(without.flatMap(\.metrics).map(\.name) == ["told"])
    #expect(fixture.collect().map(\.name) == ["observed", "told"])
  }
}

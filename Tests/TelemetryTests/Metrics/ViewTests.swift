import OTLP
import Testing

@testable import Telemetry

@Suite("Views")
struct ViewTests {
  @Test(
    "wildcards",
    arguments: [
      ("*", "anything", true), ("*", "", true), ("http.*", "http.server", true),
      ("http.*", "http.", true), ("http.*", "http", false), ("*.duration", "a.duration", true),
      ("*.duration", "a.durations", false), ("a*b*c", "axxbyyc", true), ("a*b*c", "abcb", false),
      ("a*bc", "abbc", true), ("?", "a", true), ("?", "", false), ("?", "ab", false),
      ("a?c", "abc", true), ("a?c", "ac", false), ("**", "x", true), ("*?", "", false),
      ("exact", "exact", true), ("exact", "exactly", false), ("Exact", "eXACT", true),
      ("", "", true), ("", "a", false),
    ])
  func patterns(_ pattern: String, _ name: String, _ isMatch: Bool) {
    #expect(NamePattern(pattern).matches(name) == isMatch)
  }

  @Test(
    "all that a selector says has to hold",
    arguments: [
      (.init(), true), (.init(name: "m*"), true), (.init(name: "x"), false),
      (.init(kind: .counter), true), (.init(kind: .gauge), false), (.init(unit: "By"), true),
      (.init(unit: "by"), false), (.init(meterName: "shop"), true), (.init(meterName: "s"), false),
      (.init(meterVersion: "1"), true), (.init(meterVersion: ""), false),
      (.init(meterSchemaURL: "u"), true), (.init(meterSchemaURL: "v"), false),
      (.init(name: "m", kind: .counter, unit: "By", meterName: "shop"), true),
      (.init(name: "m", kind: .counter, unit: "By", meterName: "x"), false),
      (.init(name: "m", kind: .gauge, unit: "By", meterName: "shop"), false),
    ] as [(MetricView.Selector, Bool)])
  func selectors(_ selector: MetricView.Selector, _ isSelected: Bool) {
    let instrument = InstrumentDescriptor(name: "m", kind: .counter, isInteger: true, unit: "By")
    let scope = InstrumentationScope(name: "shop", version: "1", schemaURL: "u")
    #expect(MetricView(selector).selects(instrument, of: scope) == isSelected)
  }

  private func fixture(
    _ selector: MetricView.Selector, _ change: (inout MetricView) -> Void
  ) -> MetricFixture {
    var view = MetricView(selector)
    change(&view)
    return MetricFixture(views: [view])
  }

  @Test("a view names, describes and drops")
  func identity() {
    let renamed = fixture(.init(name: "m")) {
      $0.name = "not a valid name"
      $0.description = "new"
    }
    renamed.meter.counter("m", unit: "By", description: "old").add(1)
    renamed.meter.counter("other", description: "kept").add(1)
    #expect(renamed.collect().map(\.name) == ["not a valid name", "other"])
    #expect(renamed.collect().map(\.description) == ["new", "kept"])
    #expect(renamed.collect().map(\.unit) == ["By", ""])
    #expect(renamed.lines.all.isEmpty)

    let dropped = fixture(.init(name: "m")) { $0.aggregation = .drop }
    let counter = dropped.meter.counter("m")
    counter.add(1)
    counter.bound().record(1 as Int64)
    #expect(!counter.isEnabled)
    #expect(dropped.meter.counter("n").isEnabled)
    #expect(dropped.collect().isEmpty)
  }

  @Test("a view chooses the aggregation, and beats the instrument's advice")
  func aggregation() {
    let explicit = fixture(.init(kind: .histogram)) {
      $0.aggregation = .explicitBucketHistogram(boundaries: [7], recordsMinMax: false)
    }
    explicit.meter.histogram("m", boundaries: [1, 2]).record(3)
    let point = explicit.collectOne()?.histograms.first
    #expect(point?.boundaries == [7])
    #expect(point?.minimum == nil)
    #expect(point?.maximum == nil)

    let exponential = fixture(.init(name: "*")) {
      $0.aggregation = .base2ExponentialHistogram(bucketsMax: 4, scaleMax: 2, recordsMinMax: false)
    }
    let histogram = exponential.meter.histogram("m")
    histogram.record(1)
    #expect(exponential.collectOne()?.exponentialHistograms.first?.scale == 2)
    histogram.record(1_000)
    let wide = exponential.collectOne()?.exponentialHistograms.first
    #expect((wide?.positive.counts.count ?? 0) <= 4)
    #expect(wide?.minimum == nil)

    let sum = fixture(.init(kind: .histogram)) { $0.aggregation = .sum }
    sum.meter.histogram("m").record(2.5)
    #expect(sum.collectOne()?.numbers.map(\.value) == [.double(2.5)])

    let counted = fixture(.init(kind: .counter)) {
      $0.aggregation = .explicitBucketHistogram(boundaries: [2])
    }
    counted.meter.counter("m").add(2)
    counted.meter.counter("m").add(3)
    #expect(counted.collectOne()?.histograms.first?.bucketCounts == [1, 1])
  }

  @Test("a view with the default aggregation keeps the advice")
  func adviceKept() {
    let fixture = fixture(.init(name: "m")) { $0.description = "x" }
    fixture.meter.histogram("m", boundaries: [1, 2]).record(3)
    #expect(fixture.collectOne()?.histograms.first?.boundaries == [1, 2])
  }

  @Test("attributes: of a view, of the advice, or all")
  func attributes() {
    let given = [Attribute("a", 1), Attribute("b", 2), Attribute("c", 3)]
    func kept(_ filter: AttributeFilter?, advice: [String]?) -> [String] {
      let fixture = fixture(.init(name: "m")) { $0.attributes = filter }
      fixture.meter.counter("m", attributeKeys: advice).add(1, given)
      return fixture.collectOne()?.numbers.first?.attributes.map(\.key) ?? []
    }
    #expect(kept(nil, advice: nil) == ["a", "b", "c"])
    #expect(kept(nil, advice: ["b"]) == ["b"])
    #expect(kept(.only(["a"]), advice: ["b"]) == ["a"])
    #expect(kept(.only([]), advice: nil) == [])
    #expect(kept(.excluding(["a"]), advice: ["a"]) == ["b", "c"])
  }

  @Test("measurements that differ in attributes that are left out meet")
  func merged() {
    let fixture = fixture(.init(name: "*")) { $0.attributes = .only(["a"]) }
    let counter = fixture.meter.counter("m")
    let bound = counter.bound([Attribute("b", 9), Attribute("a", 1)])
    bound.record(1 as Int64)
    counter.add(2, [Attribute("a", 1), Attribute("b", 2)])
    counter.add(3, [Attribute("b", 2), Attribute("a", 1)])
    counter.add(4, [Attribute("a", 1)])
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(10)])
  }

  @Test("each view that selects an instrument makes a metric of it")
  func several() {
    var first = MetricView(.init(name: "m"))
    first.name = "first"
    first.attributes = .only([])
    var second = MetricView(.init(name: "m"))
    second.name = "second"
    second.aggregation = .explicitBucketHistogram(boundaries: [])
    let fixture = MetricFixture(views: [first, second])
    let counter = fixture.meter.counter("m")
    counter.add(2, [Attribute("a", 1)])
    counter.bound([Attribute("a", 1)]).record(3 as Int64)
    let metrics = fixture.collect()
    #expect(metrics.map(\.name) == ["first", "second"])
    #expect(metrics[0].numbers.map(\.value) == [.int(5)])
    #expect(metrics[1].histograms.map(\.count) == [2])
    #expect(fixture.lines.all.isEmpty)
  }

  @Test("two metrics of one name are both exported, and reported once")
  func conflictingViews() {
    var second = MetricView(.init(name: "m"))
    second.attributes = .only([])
    let fixture = MetricFixture(views: [MetricView(.init(name: "m")), second])
    for _ in 0..<3 { fixture.meter.counter("m").add(1, [Attribute("a", 1)]) }
    #expect(fixture.collect().map(\.name) == ["m", "m"])
    #expect(fixture.collect().flatMap(\.numbers).map(\.value) == [.int(3), .int(3)])
    #expect(fixture.lines.all.count == 1)
    #expect(fixture.lines.all.first?.contains("called 'm'") == true)
  }

  @Test(
    "a view that makes no sense for an instrument is reported and ignored",
    arguments: [
      (.lastValue, .counter), (.lastValue, .histogram),
      (.explicitBucketHistogram(boundaries: [2, 1]), .histogram),
      (.explicitBucketHistogram(), .observableGauge),
      (.base2ExponentialHistogram(), .observableCounter),
      (.base2ExponentialHistogram(bucketsMax: 1), .histogram),
      (.base2ExponentialHistogram(bucketsMax: 16_385), .histogram),
      (.base2ExponentialHistogram(scaleMax: 21), .histogram),
      (.base2ExponentialHistogram(scaleMax: -11), .histogram),
    ] as [(Aggregation, InstrumentKind)])
  func objections(_ aggregation: Aggregation, _ kind: InstrumentKind) {
    #expect(aggregation.objection(for: kind) != nil)
    let fixture = fixture(.init(name: "m")) {
      $0.aggregation = aggregation
      $0.description = "of the view"
    }
    let descriptor = InstrumentDescriptor(name: "m", kind: kind, isInteger: true)
    if kind.isObservable {
      let instrument = fixture.meter.registry.observable(descriptor)
      fixture.meter.addCallback { $0.observe(instrument, 1) }
    } else {
      fixture.meter.registry.synchronous(descriptor).record(1 as Int64, [])
    }
    #expect(fixture.collectOne()?.description == "")
    #expect(fixture.lines.all.count == 1)
  }

  @Test(
    "what makes sense is not objected to",
    arguments: [
      (.sum, .gauge), (.sum, .observableGauge), (.lastValue, .gauge),
      (.lastValue, .observableGauge), (.drop, .observableCounter),
      (.base2ExponentialHistogram(bucketsMax: 2, scaleMax: -10), .upDownCounter),
      (.base2ExponentialHistogram(bucketsMax: 16_384, scaleMax: 20), .gauge),
      (.explicitBucketHistogram(boundaries: []), .counter),
    ] as [(Aggregation, InstrumentKind)])
  func noObjection(_ aggregation: Aggregation, _ kind: InstrumentKind) {
    #expect(aggregation.objection(for: kind) == nil)
  }

  @Test("a name for many instruments is refused", arguments: ["*", "a?", nil] as [String?])
  func nameForMany(_ name: String?) {
    var view = MetricView(.init(name: name))
    view.name = "one"
    let fixture = MetricFixture(views: [view])
    fixture.meter.counter("ab").add(1)
    #expect(fixture.collectOne()?.name == "ab")
    #expect(fixture.lines.all.count == 1)
  }

  @Test("a view brings its own reservoirs, one for each series")
  func reservoir() {
    var view = MetricView(.init(name: "m"))
    view.makeReservoir = { attributes in SimpleFixedSizeReservoir(size: attributes.count, seed: 1) }
    let fixture = MetricFixture(views: [view], exemplars: .alwaysOn)
    let counter = fixture.meter.counter("m")
    for _ in 0..<5 {
      counter.add(1, [Attribute("a", 1), Attribute("b", 2)])
      counter.add(1, [Attribute("a", 1), Attribute("b", 2), Attribute("c", 3)])
    }
    #expect(fixture.collectOne()?.numbers.map(\.exemplars.count) == [2, 3])
  }
}

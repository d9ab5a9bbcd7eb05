import OTLP
import Testing

@testable import Telemetry

@Suite("Instruments")
struct InstrumentTests {
  @Test(
    "names",
    arguments: [
      ("a", true), ("Z", true), ("a.b-c_d/e9", true), ("http.server.request.duration", true),
      ("", false), ("1a", false), ("_a", false), (".a", false), ("-a", false), ("/a", false),
      ("a b", false), ("a,b", false), ("ä", false), ("aä", false), ("a\n", false), ("@", false),
      ("[", false), ("`", false), ("{", false),
      ("a" + String(repeating: "b", count: 254), true),
      ("a" + String(repeating: "b", count: 255), false),
    ])
  func names(_ name: String, _ isValid: Bool) {
    let descriptor = InstrumentDescriptor(name: name, kind: .counter, isInteger: true)
    #expect(descriptor.isNameValid == isValid)
    let fixture = MetricFixture()
    for _ in 0..<2 { fixture.meter.counter(name).add(1) }
    #expect(fixture.lines.all.count == (isValid ? 0 : 1))
    #expect(fixture.collectOne()?.name == name, "it works all the same")
  }

  @Test("the same instrument twice is one")
  func identical() {
    let fixture = MetricFixture()
    for _ in 0..<2 { fixture.meter.counter("m", unit: "By", description: "d").add(1) }
    fixture.provider.meter("test", version: "1").counter("m", unit: "By", description: "d").add(1)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(3)])
    #expect(fixture.lines.all.isEmpty)
  }

  @Test("meters of other names, versions or schemas are worlds of their own")
  func scopes() {
    let fixture = MetricFixture()
    let scopes = [
      InstrumentationScope(name: "x"), InstrumentationScope(name: "x", version: "2"),
      InstrumentationScope(name: "x", schemaURL: "u"),
      InstrumentationScope(name: "x", attributes: [Attribute("a", 1)]),
    ]
    for scope in scopes { fixture.provider.meter(scope).gauge("m").record(1) }
    fixture.meter.counter("m").add(1)
    #expect(fixture.provider.collect(reader: 0).map(\.scope) == scopes + [fixture.meter.scope])
    #expect(fixture.lines.all.isEmpty)
  }

  @Test("the case of a name does not matter: the first one stays, and that is reported once")
  func caseInsensitive() {
    let fixture = MetricFixture()
    fixture.meter.counter("requestCount").add(1)
    for _ in 0..<2 { fixture.meter.counter("RequestCount").add(1) }
    #expect(fixture.collectOne()?.name == "requestCount")
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(3)])
    #expect(fixture.lines.all.count == 1)
    fixture.meter.gauge("REQUESTCOUNT").record(1)
    #expect(fixture.collect().map(\.name) == ["requestCount", "requestCount"])
  }

  @Test("different instruments of one name are both exported, and that is reported once")
  func conflicts() {
    let rows: [(InstrumentDescriptor, String)] = [
      (InstrumentDescriptor(name: "m", kind: .upDownCounter, isInteger: true), "by kind"),
      (InstrumentDescriptor(name: "m", kind: .counter, isInteger: true, unit: "By"), "by unit"),
      (
        InstrumentDescriptor(name: "m", kind: .counter, isInteger: true, text: "d"),
        "both the same description"
      ),
      (InstrumentDescriptor(name: "m", kind: .counter, isInteger: false), "another name"),
    ]
    for (other, advice) in rows {
      let fixture = MetricFixture()
      fixture.meter.counter("m").add(1)
      for _ in 0..<3 { fixture.meter.registry.synchronous(other).record(2 as Int64, []) }
      #expect(fixture.collect().count == 2)
      #expect(fixture.lines.all.count == 1)
      #expect(fixture.lines.all.first?.contains(advice) == true, "\(fixture.lines.all)")
    }
  }

  @Test("a view that gives both the same description makes them one, without a word")
  func correctedByView() {
    var view = MetricView(.init(name: "m"))
    view.description = "common"
    let fixture = MetricFixture(views: [view])
    fixture.meter.counter("m", description: "one").add(1)
    fixture.meter.counter("m", description: "other").add(2)
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.int(3)])
    #expect(fixture.lines.all.isEmpty)
  }

  @Test("the first advice stays, and another is reported")
  func advice() {
    let fixture = MetricFixture()
    fixture.meter.histogram("m", boundaries: [1]).record(1)
    fixture.meter.histogram("m", boundaries: [2]).record(1)
    #expect(fixture.collectOne()?.histograms.first?.boundaries == [1])
    #expect(fixture.lines.all.count == 1)
  }

  @Test("names that are made up at run time have an end")
  func tooMany() {
    let fixture = MetricFixture()
    for index in 0..<2_002 { fixture.meter.counter("m\(index)").add(1) }
    #expect(fixture.collect().count == 2_000)
    #expect(fixture.lines.all.count == 1)
    // Those that are there go on.
    fixture.meter.counter("m0").add(1)
    #expect(fixture.collect().first?.numbers.map(\.value) == [.int(2)])
    let late = fixture.meter.observableGauge("late")
    fixture.meter.addCallback { $0.observe(late, 1) }
    #expect(fixture.collect().count == 2_000)
  }

  @Test("a meter without a name works and is reported")
  func namelessMeter() {
    let fixture = MetricFixture()
    fixture.provider.meter("").counter("m").add(1)
    #expect(fixture.provider.collect(reader: 0).map(\.scope.name) == [""])
    #expect(fixture.lines.all.count == 1)
  }

  @Test("without a reader nothing is kept")
  func noReader() {
    let fixture = MetricFixture([])
    let counter = fixture.meter.counter("m")
    counter.add(1)
    counter.bound().record(1 as Int64)
    #expect(!counter.isEnabled)
  }

  @Test("all ways to measure")
  func measuring() {
    let fixture = MetricFixture()
    let meter = fixture.meter
    meter.counter("a").add()
    meter.counter("b", isInteger: false).add(0.5, [Attribute("x", 1)])
    meter.upDownCounter("c").add(-1)
    meter.upDownCounter("d", isInteger: false).add(-0.5)
    meter.gauge("e").record(1.5)
    meter.gauge("f", isInteger: true).record(3)
    meter.histogram("g").record(2)
    meter.histogram("g").record(2.5)
    meter.histogram("g").bound().record(2.5)
    meter.gauge("h").bound([Attribute("x", 1)]).record(7.5)
    meter.upDownCounter("i").bound().record(4 as Int64)
    let metrics = fixture.collect()
    let numbers = metrics.filter { $0.name != "g" }.map { $0.numbers.map(\.value) }
    #expect(
      numbers == [
        [.int(1)], [.double(0.5)], [.int(-1)], [.double(-0.5)], [.double(1.5)], [.int(3)],
        [.double(7.5)], [.int(4)],
      ])
    #expect(metrics.first { $0.name == "g" }?.histograms.first?.sum == 7)
    #expect(meter.upDownCounter("c").isEnabled && meter.gauge("e").isEnabled)
    #expect(meter.histogram("g").isEnabled)
  }
}

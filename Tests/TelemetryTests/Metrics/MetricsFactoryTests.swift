import CoreMetrics
import OTLP
import Testing

@testable import Telemetry

@Suite("The backend of swift-metrics")
struct MetricsFactoryTests {
  private let fixture = MetricFixture()
  private let factory: TelemetryMetricsFactory

  init() {
    factory = TelemetryMetricsFactory(
      fixture.meter,
      descriptions: [
        InstrumentDescription(
          "sizes", "By", "Sizes.", boundaries: [10, 20], meterKind: .gauge, isInteger: true),
        InstrumentDescription("known.gauge", "K", "Temperature.", meterKind: .gauge),
      ])
  }

  private func metric(_ name: String) -> MetricRecord? {
    fixture.collect().first { $0.name == name }
  }

  @Test("counters")
  func counters() {
    let counter = Counter(label: "m", dimensions: [("a", "x")], factory: factory)
    counter.increment()
    counter.increment(by: 4)
    counter.increment(by: -3)
    let fractional = FloatingPointCounter(label: "f", factory: factory)
    fractional.increment(by: 0.25)
    fractional.increment()
    #expect(metric("m")?.value(Attribute("a", "x")) == .int(5))
    #expect(metric("f")?.numbers.map(\.value) == [.double(1.25)])
    if case .sum(_, .cumulative, isMonotonic: true)? = metric("f")?.data {} else {
      Issue.record("a counter is a monotonic sum")
    }
  }

  @Test("the same label with the same dimensions is the same series, in any order")
  func sameSeries() {
    let orders = [[("a", "1"), ("b", "2")], [("b", "2"), ("a", "1")]]
    for dimensions in orders {
      Counter(label: "m", dimensions: dimensions, factory: factory).increment()
    }
    #expect(metric("m")?.numbers.map(\.value) == [.int(2)])
  }

  @Test("timers are histograms in seconds")
  func timers() {
    let timer = Timer(label: "t", preferredDisplayUnit: .milliseconds, factory: factory)
    timer.recordMilliseconds(20)
    timer.recordSeconds(2)
    timer.recordNanoseconds(-5)
    let point = metric("t")?.histograms.first
    #expect(metric("t")?.unit == "s")
    #expect(point?.count == 3)
    #expect(point?.sum == 2.02)
    #expect(point?.minimum == 0, "a clock that was set back makes no negative duration")
    #expect(point?.boundaries == InstrumentDescription.requestSeconds)
  }

  @Test("recorders are histograms, or gauges when they do not aggregate")
  func recorders() {
    let recorder = Recorder(label: "r", factory: factory)
    recorder.record(3)
    recorder.record(4.5)
    #expect(metric("r")?.histograms.first?.sum == 7.5)
    #expect(metric("r")?.histograms.first?.boundaries == Aggregation.defaultBoundaries)
    for gauge in [Gauge(label: "g", factory: factory), Gauge(label: "g", factory: factory)] {
      gauge.record(3)
      gauge.record(4.5)
    }
    #expect(metric("g")?.numbers.map(\.value) == [.double(4.5)])
    if case .gauge? = metric("g")?.data {} else { Issue.record("a gauge is a gauge") }
  }

  @Test("a meter that is first moved is a sum, and can be set")
  func movedMeter() {
    let meter = Meter(label: "m", factory: factory)
    #expect(metric("m") == nil)
    meter.increment(by: 2.5)
    meter.decrement()
    #expect(metric("m")?.numbers.map(\.value) == [.double(1.5)])
    meter.set(7)
    meter.increment()
    #expect(metric("m")?.numbers.map(\.value) == [.double(8)])
    meter.set(0.5)
    #expect(metric("m")?.numbers.map(\.value) == [.double(0.5)])
    if case .sum(_, .cumulative, isMonotonic: false)? = metric("m")?.data {} else {
      Issue.record("what goes up and down is a sum that is not monotonic")
    }
  }

  @Test("a meter that is first set is a gauge, and can be moved")
  func setMeter() {
    let meter = Meter(label: "m", factory: factory)
    meter.set(7)
    meter.decrement(by: 0.5)
    meter.increment()
    #expect(metric("m")?.numbers.map(\.value) == [.double(7.5)])
    if case .gauge? = metric("m")?.data {} else { Issue.record("what is set is a gauge") }
    meter.set(-2.5)
    #expect(metric("m")?.numbers.map(\.value) == [.double(-2.5)])
  }

  @Test("what one meter turned out to be, others of its label are too")
  func decidedByFirst() {
    Meter(label: "m", dimensions: [("a", "1")], factory: factory).set(1)
    Meter(label: "m", dimensions: [("a", "2")], factory: factory).increment()
    #expect(metric("m")?.numbers.map(\.value) == [.double(1), .double(1)])
    #expect(fixture.collect().count == 1)
    #expect(fixture.lines.all.isEmpty)
  }

  @Test("what is known of a label decides")
  func known() {
    let active = Meter(label: "http.server.active_requests", factory: factory)
    #expect(metric("http.server.active_requests")?.numbers.map(\.value) == [.int(0)])
    active.set(5)
    active.decrement()
    #expect(metric("http.server.active_requests")?.numbers.map(\.value) == [.int(4)])
    #expect(metric("http.server.active_requests")?.unit == "{request}")
    #expect(metric("http.server.active_requests")?.description.isEmpty == false)
    Meter(label: "known.gauge", factory: factory).increment()
    if case .gauge? = metric("known.gauge")?.data {} else { Issue.record("it is a gauge") }
    Meter(label: "sizes", factory: factory).set(3)
    #expect(metric("sizes")?.numbers.map(\.value) == [.int(3)])
    #expect(metric("sizes")?.unit == "By")
  }

  @Test("bounds that are known of a label", arguments: ["sizes", "Sizes"])
  func knownBoundaries(_ label: String) {
    Recorder(label: label, factory: factory).record(3)
    #expect(metric(label)?.histograms.first?.boundaries == [10, 20])
    #expect(metric(label)?.description == "Sizes.")
  }

  @Test(
    "the conventions' instruments have their units and bounds",
    arguments: [
      ("http.server.request.duration", InstrumentDescription.requestSeconds),
      ("http.client.request.duration", InstrumentDescription.requestSeconds),
      ("db.client.operation.duration", InstrumentDescription.operationSeconds),
      ("http.client.connection.duration", InstrumentDescription.connectionSeconds),
    ])
  func conventions(_ label: String, _ boundaries: [Double]) {
    Timer(label: label, factory: factory).recordNanoseconds(1)
    #expect(metric(label)?.histograms.first?.boundaries == boundaries)
    #expect(metric(label)?.unit == "s")
    #expect(metric(label)?.description.isEmpty == false)
  }

  @Test("dimensions become attributes; numbers of the conventions become numbers")
  func dimensions() {
    let dimensions = [
      ("http.response.status_code", "200"), ("server.port", "8080"), ("zone", "8080"),
      ("client.port", "unknown"), ("db.response.status_code", "5"),
    ]
    Counter(label: "m", dimensions: dimensions, factory: factory).increment()
    #expect(
      metric("m")?.numbers.first?.attributes == [
        Attribute("client.port", "unknown"), Attribute("db.response.status_code", "5"),
        Attribute("http.response.status_code", 200), Attribute("server.port", 8080),
        Attribute("zone", "8080"),
      ])
  }

  @Test("reset begins anew")
  func reset() {
    let counter = Counter(label: "m", factory: factory)
    let fractional = FloatingPointCounter(label: "f", factory: factory)
    counter.increment(by: 5)
    fractional.increment(by: 5)
    fixture.clock.now = 3_000
    counter.reset()
    fractional.reset()
    counter.increment(by: 2)
    fixture.clock.now = 4_000
    #expect(metric("m")?.numbers.map(\.value) == [.int(2)])
    #expect(metric("m")?.numbers.map(\.startUnixNanoseconds) == [3_000])
    #expect(metric("f")?.numbers.map(\.value) == [.double(0)])
  }

  @Test("what is destroyed is collected once more; made again, it begins anew")
  func destroy() {
    let meters = [Meter(label: "meter", factory: factory), Meter(label: "unused", factory: factory)]
    let counter = Counter(label: "counter", factory: factory)
    let fractional = FloatingPointCounter(label: "fractional", factory: factory)
    let recorder = Recorder(label: "recorder", factory: factory)
    let timer = Timer(label: "timer", factory: factory)
    meters[0].increment()
    counter.increment()
    fractional.increment()
    recorder.record(1)
    timer.recordNanoseconds(1)
    for meter in meters { meter.destroy() }
    counter.destroy()
    fractional.destroy()
    recorder.destroy()
    timer.destroy()
    #expect(
      fixture.collect().map(\.name) == ["counter", "fractional", "meter", "recorder", "timer"])
    #expect(fixture.collect().isEmpty)
    fixture.clock.now = 5_000
    Counter(label: "counter", factory: factory).increment()
    #expect(metric("counter")?.numbers.map(\.value) == [.int(1)])
    #expect(metric("counter")?.numbers.map(\.startUnixNanoseconds) == [5_000])
  }

  @Test("handlers work the same when a view leaves attributes out or makes several metrics")
  func views() {
    var first = MetricView(.init(name: "m*"))
    first.attributes = .only(["kept"])
    let second = MetricView(.init(name: "mm"))
    let fixture = MetricFixture(views: [first, second])
    let factory = TelemetryMetricsFactory(fixture.meter)
    let dimensions = [("kept", "1"), ("left", "out")]
    let counter = Counter(label: "m1", dimensions: dimensions, factory: factory)
    counter.increment(by: 7)
    counter.reset()
    counter.increment()
    FloatingPointCounter(label: "m2", dimensions: dimensions, factory: factory).increment(by: 1.5)
    Timer(label: "m3", dimensions: dimensions, factory: factory).recordSeconds(3)
    let meter = Meter(label: "mm", dimensions: dimensions, factory: factory)
    meter.set(5)
    meter.set(2.5)
    meter.decrement(by: 1)
    let metrics = fixture.collect()
    #expect(metrics.map(\.name) == ["m1", "m2", "m3", "mm", "mm"])
    #expect(metrics[0].value(Attribute("kept", "1")) == .int(1))
    #expect(metrics[1].value(Attribute("kept", "1")) == .double(1.5))
    #expect(metrics[2].histograms.first?.sum == 3)
    #expect(metrics[3].numbers.map(\.value) == [.double(1.5)])
    #expect(metrics[4].numbers.map(\.value) == [.double(1.5)])
    counter.destroy()
    #expect(fixture.collect().first?.name == "m1")
    #expect(fixture.collect().first?.name == "m2")
  }
}

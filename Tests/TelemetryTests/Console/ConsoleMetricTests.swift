import Bytes
import Glibc
import OTLP
import Sockets
import Testing

@testable import Telemetry

@Suite("Metrics for people")
struct ConsoleMetricTests {
  private let pipe: OutputPipe
  private let output: StandardOutput
  private let loop: EventLoop
  private let fixture = MetricFixture()

  init() throws {
    pipe = try OutputPipe()
    output = try StandardOutput(descriptor: pipe.writeEnd)
    loop = try EventLoop(name: "test")
  }

  private func shown(_ style: ConsoleStyle = ConsoleStyle(isColoured: false)) async -> String {
    let exporter = ConsoleMetricExporter(ConsoleOutput(output: output, style: style))
    return await shown(by: exporter)
  }

  private func shown(by exporter: ConsoleMetricExporter) async -> String {
    let metrics = fixture.provider.collect(reader: 0)
    let result = await exporter.export(
      metrics, deadline: .distantFuture, control: ExportControl(loop: loop))
    #expect(result == ExportResult(exported: metrics.pointCount))
    #expect(await output.drain(until: .now() + .seconds(10), on: loop))
    return pipe.written()
  }

  @Test("a line for each series: time, name, value, unit, attributes")
  func lines() async {
    fixture.clock.now = 3_661_007_000_000
    fixture.meter.counter("orders", unit: "{order}").add(3, [Attribute("reason", "sold out")])
    fixture.meter.gauge("temperature").record(21.123_456_789)
    let histogram = fixture.meter.histogram("time", unit: "s")
    for value in [0.25, 0.5, 1.5] { histogram.record(value, [Attribute("n", 1)]) }
    fixture.meter.upDownCounter("under way").add(-2)
    #expect(
      await shown() == """
        01:01:01.007 METRIC orders 3 {order} reason="sold out"
        01:01:01.007 METRIC temperature 21.123457
        01:01:01.007 METRIC time 3 × average 0.75 least 0.25 most 1.5 s n=1
        01:01:01.007 METRIC under way -2

        """)
  }

  @Test("exponential histograms look like others; without a sum there is no average")
  func distributions() async {
    var view = MetricView(.init(name: "e"))
    view.aggregation = .base2ExponentialHistogram()
    let fixture = MetricFixture(views: [view])
    fixture.meter.histogram("e").record(2)
    fixture.meter.histogram("h").record(-2)
    let exporter = ConsoleMetricExporter(
      ConsoleOutput(output: output, style: ConsoleStyle(isColoured: false)))
    _ = await exporter.export(
      fixture.provider.collect(reader: 0), deadline: .distantFuture,
      control: ExportControl(loop: loop))
    #expect(await output.drain(until: .now() + .seconds(10), on: loop))
    let lines = pipe.written().split(separator: "\n").map { $0.dropFirst("00:00:00.000 ".count) }
    #expect(lines == ["METRIC e 1 × average 2.0 least 2.0 most 2.0", "METRIC h 1 × least -2.0 most -2.0"])
  }

  @Test("only what has changed is shown again")
  func changes() async {
    let exporter = ConsoleMetricExporter(
      ConsoleOutput(output: output, style: ConsoleStyle(isColoured: false)))
    let counter = fixture.meter.counter("m")
    counter.add(1, [Attribute("a", 1)])
    counter.add(1, [Attribute("a", 2)])
    #expect(await shown(by: exporter).split(separator: "\n").count == 2)
    #expect(await shown(by: exporter) == "")
    counter.add(1, [Attribute("a", 2)])
    #expect(await shown(by: exporter).hasSuffix("METRIC m 2 a=2\n"))
  }

  @Test("colours")
  func colours() async {
    fixture.meter.counter("m").add(1)
    let line = await shown(ConsoleStyle(isColoured: true))
    #expect(line.hasSuffix("\u{1B}[36m METRIC \u{1B}[0m\u{1B}[34mm\u{1B}[0m 1\n"))
  }

  @Test(
    "numbers",
    arguments: [
      (0.1 + 0.2, "0.3"), (1e12 + 0.5, "1000000000001.0"), (.infinity, "inf"), (.nan, "nan"),
      (-0.000_000_4, "0.0"), (1e300, "1e+300"),
    ] as [(Double, String)])
  func numbers(_ value: Double, _ text: String) async {
    fixture.meter.gauge("m").record(value)
    let line = await shown()
    #expect(line.hasSuffix(" METRIC m \(text)\n"))
  }
}

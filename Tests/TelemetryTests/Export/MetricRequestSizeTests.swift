import OTLP
import OTLPOracle
import Sockets
import Testing

@testable import Telemetry

@Suite("Metrics too large for one request")
struct MetricRequestSizeTests {
  private func metrics(_ count: Int) -> [ScopeMetrics] {
    let fixture = MetricFixture()
    let counter = fixture.meter.counter("orders")
    for number in 0..<count { counter.add(1, [Attribute("n", .int(Int64(number)))]) }
    return fixture.provider.collect(reader: 0)
  }

  @Test("they go in parts, and a point that is too large for one is lost alone")
  func parts() async throws {
    let loop = try EventLoop(name: "test")
    let transport = RecordingTransport(loop: loop)
    let lines = DiagnosticLines()
    var otlp = TelemetryConfiguration.OTLP(signal: .metrics)
    otlp.requestBytesMax = 1_000
    let exporter = OTLPExporter(
      configuration: OTLPExporter.Configuration(
        signal: .metrics, otlp: otlp, resource: ResourceMessage(attributes: [])),
      scopes: ScopeTable(), transport: transport,
      health: ReceiverHealth(address: "x", log: lines.log), log: lines.log)
    let control = ExportControl(loop: loop)
    let metrics = metrics(200)
    let result = await loop.run {
      await exporter.export(metrics, deadline: .distantFuture, control: control)
    }
    #expect(result == ExportResult(exported: 200))
    #expect(transport.requests.count > 5)
    #expect(transport.requests.allSatisfy { $0.body.count <= 1_000 })
    let numbers = try transport.requests.flatMap { request in
      try request.decoded()["resource_metrics"][0]["scope_metrics"][0]["metrics"][0]["sum"][
        "data_points"
      ].list.compactMap { $0["attributes"].attribute("n")["int_value"].int }
    }
    #expect(numbers.sorted() == Array(0..<200))

    let fixture = MetricFixture()
    fixture.meter.counter("orders").add(
      1, [Attribute("n", .string(String(repeating: "x", count: 2_000)))])
    fixture.meter.counter("others").add(1)
    let mixed = fixture.provider.collect(reader: 0)
    let partly = await loop.run {
      await exporter.export(mixed, deadline: .distantFuture, control: control)
    }
    #expect(partly == ExportResult(exported: 1, dropped: 1, reason: .exportFailed))
  }
}

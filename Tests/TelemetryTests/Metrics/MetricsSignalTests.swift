import CoreMetrics
import OTLP
import OTLPOracle
import ServiceContextModule
import Sockets
import Testing

@testable import Telemetry

@Suite("The metrics signal, as the official definitions read it", .timeLimit(.minutes(1)))
struct MetricsSignalTests {
  private let loop: EventLoop
  private let transport: RecordingTransport
  private let lines = DiagnosticLines()

  init() throws {
    loop = try EventLoop(name: "test")
    transport = RecordingTransport(loop: loop)
  }

  private func telemetry(
    _ environment: [String: String] = [:],
    _ change: (inout Telemetry.Environment) -> Void = { _ in }
  ) throws -> Telemetry {
    var configuration = TelemetryConfiguration()
    configuration.metrics.includesProcessMetrics = false
    configuration.metrics.includesSDKMetrics = false
    let variables = environment.merging([
      "OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none",
    ]) { own, _ in own }
    #expect(configuration.apply(environment: variables).isEmpty)
    let transport = transport
    var parts = Telemetry.Environment { _, _, _ in transport }
    parts.log = lines.log
    parts.outputDescriptor = nil
    change(&parts)
    return try Telemetry.bootstrap(
      configuration: configuration,
      resource: ResourceMessage(attributes: [Attribute("service.name", "shop")]),
      scope: InstrumentationScope(name: "scope", version: "7"), environment: parts)
  }

  private func factory(_ telemetry: Telemetry) throws -> any MetricsFactory {
    try #require(telemetry.metrics).factory
  }

  /// The metrics of the latest request, by name.
  private func metrics() throws -> [String: JSONValue] {
    let request = try #require(transport.requests.last).decoded()
    #expect(request["resource_metrics"].list.count == 1)
    let scopes = request["resource_metrics"][0]["scope_metrics"].list
    let all = scopes.flatMap { $0["metrics"].list }.map { ($0["name"].string ?? "", $0) }
    return Dictionary(all) { first, _ in
      Issue.record("a metric is there twice")
      return first
    }
  }

  @Test("resource, scope, and a metric of every kind")
  func request() async throws {
    let telemetry = try telemetry {
      $0.instruments = [InstrumentDescription("orders", "{order}", "Orders that were placed.")]
    }
    let factory = try factory(telemetry)
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      Counter(label: "orders", dimensions: [("a", "x")], factory: factory).increment(by: 3)
      Timer(label: "http.server.request.duration", factory: factory).recordMilliseconds(20)
    }
    Gauge(label: "gauge", factory: factory).record(1.5)
    Meter(label: "http.server.active_requests", factory: factory).increment()
    #expect(await telemetry.forceFlush(within: .seconds(50)))
    let request = try #require(transport.requests.last).decoded()["resource_metrics"][0]
    #expect(
      request["resource"]["attributes"].attribute("service.name")["string_value"].string == "shop")
    #expect(request["scope_metrics"][0]["scope"]["name"].string == "scope")
    #expect(request["scope_metrics"][0]["scope"]["version"].string == "7")

    let metrics = try metrics()
    let orders = try #require(metrics["orders"])
    #expect(orders["unit"].string == "{order}")
    #expect(orders["description"].string == "Orders that were placed.")
    #expect(orders["sum"]["is_monotonic"].bool == true)
    #expect(orders["sum"]["aggregation_temporality"].int == 2)
    let point = orders["sum"]["data_points"][0]
    #expect(point["as_int"].int == 3)
    #expect(point["attributes"].attribute("a")["string_value"].string == "x")
    #expect(point["exemplars"][0]["span_id"].string == "0000000000000007")
    let duration = try #require(metrics["http.server.request.duration"])["histogram"]
    #expect(duration["data_points"][0]["sum"].double == 0.02)
    #expect(duration["data_points"][0]["exemplars"][0]["as_double"].double == 0.02)
    #expect(metrics["gauge"]?["gauge"]["data_points"][0]["as_double"].double == 1.5)
    let active = try #require(metrics["http.server.active_requests"])["sum"]
    #expect(active["is_monotonic"].bool != true)
    #expect(active["data_points"][0]["as_int"].int == 1)
    #expect(await telemetry.shutdown(within: .seconds(50)))
  }

  @Test("scopes and their schemas stay apart")
  func scopes() async throws {
    let telemetry = try telemetry()
    let signal = try #require(telemetry.metrics as? MetricsSignal)
    for name in ["a", "b"] {
      signal.provider.meter(InstrumentationScope(name: name, schemaURL: "url-\(name)"))
        .counter("m.\(name)").add(1)
    }
    #expect(await telemetry.shutdown(within: .seconds(50)))
    let request = try #require(transport.requests.last).decoded()["resource_metrics"][0]
    let scopes = request["scope_metrics"].list
    #expect(scopes.map { $0["scope"]["name"].string } == ["a", "b"])
    #expect(scopes.map { $0["schema_url"].string } == ["url-a", "url-b"])
    #expect(scopes.map { $0["metrics"][0]["name"].string } == ["m.a", "m.b"])
  }

  @Test("variables: delta, exponential histograms, no exemplars")
  func variables() async throws {
    let telemetry = try telemetry([
      "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta",
      "OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION":
        "base2_exponential_bucket_histogram", "OTEL_METRICS_EXEMPLAR_FILTER": "always_off",
    ])
    let factory = try factory(telemetry)
    let timer = Timer(label: "t", factory: factory)
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      timer.recordSeconds(1)
      timer.recordSeconds(4)
    }
    #expect(await telemetry.forceFlush(within: .seconds(50)))
    let histogram = try #require(try metrics()["t"])["exponential_histogram"]
    #expect(histogram["aggregation_temporality"].int == 1)
    let point = histogram["data_points"][0]
    #expect(point["count"].int == 2)
    #expect(point["scale"].int == 6)
    #expect(point["positive"]["bucket_counts"].list.compactMap(\.int).reduce(0, +) == 2)
    #expect(!point["exemplars"].exists)
    let first = try #require(point["time_unix_nano"].int)
    timer.recordSeconds(1)
    #expect(await telemetry.shutdown(within: .seconds(50)))
    let later = try #require(try metrics()["t"])["exponential_histogram"]["data_points"][0]
    #expect(later["count"].int == 1)
    #expect(later["start_time_unix_nano"].int == first)
  }

  @Test("variables: the interval")
  func interval() async throws {
    let telemetry = try telemetry(["OTEL_METRIC_EXPORT_INTERVAL": "1"])
    Counter(label: "m", factory: try factory(telemetry)).increment()
    #expect(await transport.received(3))
    #expect(await telemetry.shutdown(within: .seconds(50)))
    #expect(transport.concurrencyMax == 1)
  }

  @Test("views of the program")
  func views() async throws {
    let telemetry = try telemetry {
      var view = MetricView(.init(name: "m"))
      view.name = "renamed"
      $0.views = [view]
    }
    Counter(label: "m", factory: try factory(telemetry)).increment()
    #expect(await telemetry.shutdown(within: .seconds(50)))
    #expect(try metrics().keys.sorted() == ["renamed"])
  }

  @Test("the process's own metrics are there unless they are not wanted")
  func processMetrics() async throws {
    var configuration = TelemetryConfiguration()
    _ = configuration.apply(environment: [
      "OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none",
    ])
    let transport = transport
    var parts = Telemetry.Environment { _, _, _ in transport }
    parts.outputDescriptor = nil
    let telemetry = try Telemetry.bootstrap(
      configuration: configuration, resource: ResourceMessage(attributes: []),
      scope: InstrumentationScope(name: "scope"), environment: parts)
    #expect(await telemetry.shutdown(within: .seconds(50)))
    #expect(try metrics().keys.contains("process.cpu.time"))
  }

  @Test("no exporter, no metrics")
  func none() throws {
    #expect(try telemetry(["OTEL_METRICS_EXPORTER": "none"]).metrics == nil)
    #expect(try telemetry(["OTEL_SDK_DISABLED": "true"]).metrics == nil)
  }

  @Test("a receiver that refuses: the points are lost, and the flush says so")
  func refused() async throws {
    let refusing = RecordingTransport(loop: loop) { _, _ in .success(OTLPResponse(status: 400)) }
    let telemetry = try telemetry { $0 = Telemetry.Environment { _, _, _ in refusing } }
    Counter(label: "m", factory: try factory(telemetry)).increment()
    #expect(await !telemetry.forceFlush(within: .seconds(50)))
  }
}

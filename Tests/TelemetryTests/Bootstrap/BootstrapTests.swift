import CoreMetrics
import Logging
import OTLP
import OTLPOracle
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Bootstrap", .timeLimit(.minutes(1)))
struct BootstrapTests {
  private func message(_ request: Collector.Request) throws -> JSONValue {
    try request.decoded().decoded()
  }

  @Test(
    "all signals reach the collector, under one resource, as the official definitions read them",
    arguments: ["http/protobuf", "http/json"])
  func allSignals(encoding: String) async throws {
    let collector = try Collector()
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint + "/otlp",
      "OTEL_EXPORTER_OTLP_PROTOCOL": encoding, "OTEL_EXPORTER_OTLP_HEADERS": "api-key=a%20b",
      "OTEL_RESOURCE_ATTRIBUTES": "team=one",
    ])
    let telemetry = bootstrapped.telemetry
    bootstrapped.work()
    let factory = try #require(telemetry.metrics?.factory)
    Counter(label: "orders", dimensions: [], factory: factory).increment()
    #expect(await telemetry.forceFlush(within: .seconds(30)))
    let requests = collector.requests
    for signal in ["traces", "metrics", "logs"] {
      let path = "POST /otlp/v1/\(signal) HTTP/1.1"
      let own = requests.filter { $0.line == path }
      #expect(own.count == 1, "\(signal)")
      let isJSON = encoding == "http/json"
      for request in own {
        #expect(
          request.fields["content-type"] == (isJSON ? "application/json" : "application/x-protobuf"))
        #expect(request.fields["api-key"] == "a b")
      }
    }
    func decoded(_ signal: String, _ name: String) throws -> JSONValue {
      let request = try #require(requests.first { $0.line.contains("/\(signal) ") })
      let bytes = request.body
      return encoding == "http/json"
        ? try OTLPOracle.decode(name, json: bytes) : try OTLPOracle.decode(name, bytes)
    }
    let spans = try decoded("traces", "ExportTraceServiceRequest")["resource_spans"][0]
    let logs = try decoded("logs", "ExportLogsServiceRequest")["resource_logs"][0]
    let metrics = try decoded("metrics", "ExportMetricsServiceRequest")["resource_metrics"][0]
    for container in [spans, logs, metrics] {
      let attributes = container["resource"]["attributes"]
      #expect(attributes.attribute("service.name")["string_value"].string == "shop")
      #expect(attributes.attribute("team")["string_value"].string == "one")
    }
    let span = spans["scope_spans"][0]["spans"][0]
    let record = logs["scope_logs"][0]["log_records"][0]
    #expect(span["name"].string == "op" && record["body"]["string_value"].string == "hello")
    #expect(span["trace_id"].string == record["trace_id"].string)
    #expect(span["span_id"].string == record["span_id"].string)
    #expect(spans["scope_spans"][0]["scope"]["name"].string == "shop")
    #expect(logs["scope_logs"][0]["scope"]["name"].string == "app")
    let names = metrics["scope_metrics"].list.flatMap { $0["metrics"].list }.map { $0["name"].string }
    #expect(names.contains("orders"))
    #expect(await telemetry.shutdown(within: .seconds(30)))
  }

  @Test("gzip, when asked for")
  func gzip() async throws {
    let collector = try Collector()
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
      "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_LOGS_COMPRESSION": "none",
    ])
    bootstrapped.work()
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
    for request in collector.requests {
      let isLogs = request.line.contains("logs")
      #expect(request.fields["content-encoding"] == (isLogs ? nil : "gzip"))
      #expect(request.body.starts(with: [0x1F, 0x8B]) == !isLogs)
    }
    #expect(collector.requests.count >= 2)
  }

  @Test("what was logged before is delivered, and the line is there with its ids")
  func earlyLogs() async throws {
    let collector = try Collector()
    let logs = LogPipeline()
    Logger(label: "early") { TelemetryLogHandler(label: $0, pipeline: logs) }.info("before")
    let bootstrapped = try Bootstrapped(
      ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint], logs: logs)
    bootstrapped.logger().info("after")
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
    let request = try #require(collector.requests.first { $0.line.contains("logs") })
    let scopes = try message(request)["resource_logs"][0]["scope_logs"].list
    #expect(Set(scopes.compactMap { $0["scope"]["name"].string }) == ["early", "app"])
    let lines = try bootstrapped.pipe.written().split(separator: "\n").map {
      try JSONValue(parsing: String($0))["message"].string
    }
    #expect(lines == ["before", "after"])
  }

  @Test("disabled: nothing is recorded or sent, lines stay, context is handed on")
  func disabled() async throws {
    let collector = try Collector()
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint, "OTEL_SDK_DISABLED": "true",
    ])
    let tracer = bootstrapped.telemetry.tracer
    let fields = [
      "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "baggage": "k=v",
    ]
    let span = tracer.startSpan("op", context: tracer.extracted(fields), kind: .server)
    #expect(!span.isRecording && bootstrapped.telemetry.metrics == nil)
    #expect(tracer.injected(span.context) == fields)
    span.context.activeSpan?.end()
    bootstrapped.logger().info("hello")
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
    #expect(collector.requests.isEmpty)
    #expect(bootstrapped.pipe.written().contains("\"message\":\"hello\""))
    #expect(bootstrapped.telemetry.statistics.traces == PipelineStatistics())
  }

  @Test("no exporter: nothing is sent, and no span is recorded")
  func none() async throws {
    let bootstrapped = try Bootstrapped([
      "OTEL_TRACES_EXPORTER": "none", "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none",
    ])
    let span = bootstrapped.telemetry.tracer.startSpan("op", context: .topLevel, kind: .server)
    #expect(!span.isRecording && bootstrapped.telemetry.metrics == nil)
    bootstrapped.logger().info("hello")
    #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)))
    #expect(bootstrapped.pipe.written().contains("hello"))
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
  }

  @Test("several exporters: each gets every span")
  func several() async throws {
    let collector = try Collector()
    let folder = try TemporaryFolder()
    let bootstrapped = try Bootstrapped([
      "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
      "OTEL_TRACES_EXPORTER": "otlp,console,otlp/stdout,otlp/file",
      "OTEL_LOGS_EXPORTER": "console,otlp/file", "OTEL_METRICS_EXPORTER": "otlp/file",
      "OTEL_SWIFT_OTLP_FILE_DIRECTORY": folder.path,
    ])
    bootstrapped.work(3)
    let factory = try #require(bootstrapped.telemetry.metrics?.factory)
    Counter(label: "orders", dimensions: [], factory: factory).increment()
    #expect(await bootstrapped.telemetry.shutdown(within: .seconds(30)))
    let lines = bootstrapped.pipe.written().split(separator: "\n")
    #expect(lines.count { $0.contains(" SPAN ") } == 3)
    #expect(lines.count { $0.contains(" INFO     hello ") } == 3)
    let json = try #require(lines.first { $0.hasPrefix("{\"resourceSpans\"") })
    for (name, text) in [("traces", String(json))] + (try ["traces", "logs", "metrics"].map {
      ($0, try folder.read("\($0).jsonl"))
    }) {
      let message = ["traces": "Trace", "logs": "Logs", "metrics": "Metrics"][name] ?? ""
      let value = try OTLPOracle.decode("Export\(message)ServiceRequest", json: Array(text.utf8))
      #expect(value.description.contains(name == "metrics" ? "orders" : "shop"))
    }
    let request = try #require(collector.requests.first)
    #expect(collector.requests.count == 1)
    let spans = try message(request)["resource_spans"][0]["scope_spans"][0]["spans"]
    #expect(spans.list.count == 3)
  }

  @Test("a program's own processors see spans begin and end")
  func processors() async throws {
    let processor = ObservingSpanProcessor()
    let bootstrapped = try Bootstrapped(
      ["OTEL_TRACES_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"], processors: [processor])
    let parent = bootstrapped.telemetry.tracer.startSpan("p", context: .topLevel, kind: .server)
    let child = bootstrapped.telemetry.tracer.startSpan("c", context: parent.context, kind: .client)
    child.end()
    parent.end()
    #expect(processor.events == ["p begins", "c begins in p", "c ends", "p ends"])
  }
}

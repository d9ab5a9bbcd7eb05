import OTLP
import ServiceContextModule
import Sockets
import Testing

@testable import Telemetry

@Suite("The module's own metrics", .timeLimit(.minutes(1)))
struct SDKMetricsTests {
  private let metrics = InMemoryMetricExporter()
  private let loop: EventLoop

  init() throws { loop = try EventLoop(name: "test") }

  /// Traces, metrics and logs go to `transport`, and metrics to the test, too.
  private func telemetry(
    _ transport: RecordingTransport, _ change: (inout TelemetryConfiguration) -> Void = { _ in }
  ) throws -> Telemetry {
    let metrics = metrics
    let own = try OwnTelemetry(
      {
        $0.transport = { _, _, _ in transport }
        $0.metricExporters = [PluggedMetricExporter(metrics)]
      },
      configuration: { configuration in
        configuration.metrics.includesOwnMetrics = true
        configuration.metrics.exporters = [.otlp]
        configuration.traces.exporters = [.otlp]
        configuration.logs.exporters = [.otlp]
        configuration.traces.batching.scheduleDelay = .seconds(3_600)
        configuration.logs.batching.scheduleDelay = .seconds(3_600)
        change(&configuration)
      })
    return own.telemetry
  }

  /// The points of a metric by the attributes that tell them apart, without the component.
  private func values(_ name: String, sourceLocation: SourceLocation = #_sourceLocation)
    throws -> [String: MetricNumber]
  {
    let record = try #require(metrics[name], "\(name)", sourceLocation: sourceLocation)
    let pairs = record.numbers.map { point -> (String, MetricNumber) in
      let own = point.attributes.filter {
        !$0.key.hasPrefix("otel.component") && !$0.key.hasPrefix("server.")
      }
      return (own.map { "\($0.value)" }.joined(separator: " "), point.value)
    }
    return Dictionary(pairs) { first, _ in first }
  }

  private func hasComponent(_ name: String, _ type: String, isNetworked: Bool = false) throws {
    let record = try #require(metrics[name], "\(name)")
    let points = record.numbers.map(\.attributes) + record.histograms.map(\.attributes)
    #expect(!points.isEmpty, "\(name)")
    for attributes in points {
      func value(_ key: String) -> AttributeValue? {
        attributes.first { $0.key == key }?.value
      }
      #expect(value("otel.component.type") == .string(type))
      guard case .string(let component)? = value("otel.component.name") else {
        Issue.record("\(name) does not say which component")
        continue
      }
      #expect(component.hasPrefix("\(type)/") && Int(component.dropFirst(type.count + 1)) != nil)
      #expect((value("server.address") == "localhost") == isNetworked)
      #expect((value("server.port") == 4318) == isNetworked)
    }
  }

  private func work(_ telemetry: Telemetry, _ count: Int) {
    let logger = telemetry.logger(InstrumentationScope(name: "part"))
    for _ in 0..<count {
      telemetry.tracer.startSpan("op", context: .topLevel, kind: .server).end()
      logger.emit(LogRecord("hello"))
    }
  }

  @Test("spans: started by parent and decision, also those that are not recorded; and living ones")
  func spans() async throws {
    let telemetry = try telemetry(RecordingTransport(loop: loop))
    let root = telemetry.tracer.startSpan("root", context: .topLevel, kind: .server)
    telemetry.tracer.startSpan("child", context: root.context, kind: .internal).end()
    for isSampled in [true, false] {
      var remote = ServiceContext.topLevel
      remote.spanContext = SpanContext(
        traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: isSampled ? .sampled : [],
        isRemote: true)
      telemetry.tracer.startSpan("served", context: remote, kind: .server).end()
    }
    #expect(await telemetry.forceFlush(within: .seconds(30)))
    #expect(
      try values("otel.sdk.span.started") == [
        "string(\"none\") string(\"RECORD_AND_SAMPLE\")": .int(1),
        "string(\"local\") string(\"RECORD_AND_SAMPLE\")": .int(1),
        "string(\"remote\") string(\"RECORD_AND_SAMPLE\")": .int(1),
        "string(\"remote\") string(\"DROP\")": .int(1),
      ])
    #expect(
      try values("otel.sdk.span.live") == [
        "string(\"RECORD_AND_SAMPLE\")": .int(1), "string(\"RECORD_ONLY\")": .int(0),
      ])
    #expect(metrics["otel.sdk.span.started"]?.unit == "{span}")
    #expect(metrics["otel.sdk.span.live"]?.unit == "{span}")
    root.end()
    #expect(await telemetry.shutdown(within: .seconds(30)))
    #expect(try values("otel.sdk.span.live")["string(\"RECORD_AND_SAMPLE\")"] == .int(0))
  }

  @Test("processors: what waits, what may, what was handed on and what was dropped and why")
  func processors() async throws {
    let telemetry = try telemetry(RecordingTransport(loop: loop)) {
      $0.traces.batching.queueRecordsMax = 3
      $0.logs.batching.queueRecordsMax = 3
    }
    work(telemetry, 5)
    #expect(await telemetry.forceFlush(within: .seconds(30)))
    work(telemetry, 1)
    // Collects before it is exported, so what waits is still there.
    let collected = telemetry.meterProvider.collect(reader: 1).flatMap(\.metrics)
    for (word, unit) in [("span", "{span}"), ("log", "{log_record}")] {
      let name = "otel.sdk.processor.\(word)"
      func collectedValue(_ name: String) throws -> [MetricNumber] {
        let record = try #require(collected.first { $0.name == name }, "\(name)")
        #expect(record.unit == unit)
        return record.numbers.map(\.value)
      }
      #expect(try collectedValue("\(name).queue.size") == [.int(1)])
      #expect(try collectedValue("\(name).queue.capacity") == [.int(3)])
    }
    #expect(await telemetry.shutdown(within: .seconds(30)))
    work(telemetry, 1)
    let last = telemetry.meterProvider.collect(reader: 1).flatMap(\.metrics)
    for word in ["span", "log"] {
      let record = try #require(last.first { $0.name == "otel.sdk.processor.\(word).processed" })
      let points = record.numbers.map { point in
        (point.attributes.first { $0.key == "error.type" }?.value, point.value)
      }
      #expect(points.contains { $0.0 == nil && $0.1 == .int(4) })
      #expect(points.contains { $0.0 == "queue_full" && $0.1 == .int(2) })
      // A span that begins after the end is not recorded, a record is made all the same.
      #expect(points.contains { $0.0 == "already_shutdown" && $0.1 == .int(1) } == (word == "log"))
    }
    for word in ["span", "log"] {
      for part in ["queue.size", "queue.capacity", "processed"] {
        try hasComponent("otel.sdk.processor.\(word).\(part)", "batching_\(word)_processor")
      }
    }
  }

  @Test("exporters: what is being sent, and what was, also what failed and why")
  func exporters() async throws {
    let (gate, isRefusing) = (Completion(), Completion())
    let transport = RecordingTransport(loop: loop, gate: gate) { _, _ in
      .success(OTLPResponse(status: isRefusing.isComplete ? 400 : 200))
    }
    let telemetry = try telemetry(transport)
    work(telemetry, 2)
    async let isFlushed = telemetry.forceFlush(within: .seconds(30))
    // One request of each signal is under way.
    #expect(await transport.received(3))
    let during = telemetry.meterProvider.collect(reader: 1).flatMap(\.metrics)
    for word in ["span", "log", "metric_data_point"] {
      let record = try #require(during.first { $0.name == "otel.sdk.exporter.\(word).inflight" })
      let sending = record.numbers.map(\.value.double)
      #expect(word == "metric_data_point" ? sending[0] > 0 : sending == [2], "\(word)")
    }
    gate.complete()
    #expect(await isFlushed)
    isRefusing.complete()
    work(telemetry, 1)
    for _ in 0..<2 { _ = await telemetry.forceFlush(within: .seconds(30)) }
    for (word, type, unit) in [
      ("span", "span", "{span}"), ("log", "log", "{log_record}"),
      ("metric_data_point", "metric", "{data_point}"),
    ] {
      let name = "otel.sdk.exporter.\(word)"
      let exported = try values("\(name).exported")
      #expect(exported[""] != nil, "\(word)")
      #expect(exported["string(\"400\")"] != nil, "\(word)")
      #expect(metrics["\(name).exported"]?.unit == unit && metrics["\(name).inflight"]?.unit == unit)
      for part in ["inflight", "exported"] {
        try hasComponent("\(name).\(part)", "otlp_http_\(type)_exporter", isNetworked: true)
      }
    }
    #expect(try values("otel.sdk.exporter.span.exported")[""] == .int(2))
    #expect(try values("otel.sdk.exporter.span.exported")["string(\"400\")"] == .int(1))
    _ = await telemetry.shutdown(within: .seconds(30))
  }

  @Test("durations: of exports by how they ended, of collections; no boundaries")
  func durations() async throws {
    let transport = RecordingTransport(loop: loop) { _, _ in .success(OTLPResponse(status: 400)) }
    let telemetry = try telemetry(transport)
    work(telemetry, 1)
    _ = await telemetry.forceFlush(within: .seconds(30))
    _ = await telemetry.forceFlush(within: .seconds(30))
    let exports = try #require(metrics["otel.sdk.exporter.operation.duration"])
    #expect(exports.unit == "s")
    let spans = try #require(
      exports.histograms.first { point in
        point.attributes.contains(Attribute("otel.component.type", "otlp_http_span_exporter"))
      })
    #expect(spans.attributes.contains(Attribute("error.type", "400")))
    #expect(spans.attributes.contains(Attribute("http.response.status_code", 400)))
    #expect(spans.count == 1 && spans.bucketCounts.isEmpty && spans.boundaries.isEmpty)
    #expect(spans.sum == spans.minimum && spans.sum == spans.maximum && spans.sum ?? 0 > 0)

    let collections = try #require(metrics["otel.sdk.metric_reader.collection.duration"])
    #expect(collections.unit == "s")
    #expect(collections.histograms.allSatisfy { $0.count > 0 && $0.boundaries.isEmpty })
    try hasComponent("otel.sdk.metric_reader.collection.duration", "periodic_metric_reader")
    _ = await telemetry.shutdown(within: .seconds(30))
  }

  @Test("log records that were made, wherever they go")
  func logs() async throws {
    let telemetry = try telemetry(RecordingTransport(loop: loop)) { $0.logs.exporters = [] }
    work(telemetry, 3)
    #expect(await telemetry.shutdown(within: .seconds(30)))
    #expect(try values("otel.sdk.log.created") == ["": .int(3)])
    #expect(metrics["otel.sdk.log.created"]?.unit == "{log_record}")
    #expect(metrics["otel.sdk.exporter.log.exported"] == nil, "there is no exporter")
  }

  @Test("not wanted, they are not there")
  func off() async throws {
    let telemetry = try telemetry(RecordingTransport(loop: loop)) {
      $0.metrics.includesOwnMetrics = false
    }
    work(telemetry, 1)
    telemetry.meter(InstrumentationScope(name: "part")).counter("own").add()
    #expect(await telemetry.shutdown(within: .seconds(30)))
    #expect(metrics.batches.flatMap { $0 }.flatMap(\.metrics).map(\.name) == ["own"])
  }
}

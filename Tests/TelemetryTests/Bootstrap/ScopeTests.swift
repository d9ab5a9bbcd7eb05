import OTLP
import OTLPOracle
import ServiceContextModule
import Sockets
import Synchronization
import Testing

@testable import Telemetry

@Suite("Scopes of all signals", .timeLimit(.minutes(1)))
struct ScopeTests {
  private let scope = InstrumentationScope(
    name: "part", version: "2", attributes: [Attribute("team", "one")], schemaURL: "https://schema/2")
  private let loop: EventLoop

  init() throws { loop = try EventLoop(name: "test") }

  private func telemetry(_ transport: RecordingTransport) throws -> Telemetry {
    try OwnTelemetry(
      { $0.transport = { _, _, _ in transport } },
      configuration: {
        $0.traces.exporters = [.otlp]
        $0.metrics.exporters = [.otlp]
        $0.logs.exporters = [.otlp]
      }
    ).telemetry
  }

  @Test("name, version, attributes and schema of a tracer, a meter and a logger are on the wire")
  func onTheWire() async throws {
    let transport = RecordingTransport(loop: loop)
    let telemetry = try telemetry(transport)
    telemetry.tracer(scope).startSpan("op", context: .topLevel, kind: .server).end()
    telemetry.meter(scope).counter("m").add()
    telemetry.logger(scope).emit(LogRecord("hello"))
    #expect(await telemetry.shutdown(within: .seconds(30)))
    for signal in ["spans", "metrics", "logs"] {
      let requests = try transport.requests.map { try $0.decoded() }
      let request = try #require(requests.first { $0["resource_\(signal)"].exists }, "\(signal)")
      let resource = request["resource_\(signal)"][0]
      #expect(resource["schema_url"].string == TelemetryConfiguration.schemaURL, "\(signal)")
      let part = resource["scope_\(signal)"][0]
      #expect(part["schema_url"].string == "https://schema/2", "\(signal)")
      #expect(part["scope"]["name"].string == "part" && part["scope"]["version"].string == "2")
      #expect(part["scope"]["attributes"].attribute("team")["string_value"].string == "one")
    }
  }

  @Test("texts of any script, as keys and values, are on the wire as they are")
  func unicode() async throws {
    let transport = RecordingTransport(loop: loop)
    let telemetry = try telemetry(transport)
    let text = "ключ 鍵 🔑 e\u{301}\u{0}"
    let span = telemetry.tracer.startSpan(text, context: .topLevel, kind: .server)
    span.setAttribute(text, .string(text))
    span.end()
    // 1,023 characters of three bytes each, as the specification wants them to be kept.
    let description = String(repeating: "鍵", count: 1_023)
    telemetry.meter(scope).counter("m", description: description).add()
    #expect(await telemetry.shutdown(within: .seconds(30)))
    let requests = try transport.requests.map { try $0.decoded() }
    let spans = try #require(requests.first { $0["resource_spans"].exists })
    let decoded = spans["resource_spans"][0]["scope_spans"][0]["spans"][0]
    #expect(decoded["name"].string == text)
    #expect(decoded["attributes"].attribute(text)["string_value"].string == text)
    let metrics = try #require(requests.first { $0["resource_metrics"].exists })
    let metric = metrics["resource_metrics"][0]["scope_metrics"][0]["metrics"][0]
    #expect(metric["description"].string == description)
  }

  @Test("nameless tracers, meters and loggers work, and are reported")
  func nameless() throws {
    let processor = RecordingSpanProcessor()
    let own = try OwnTelemetry { $0.spanProcessors = [processor] }
    let nameless = InstrumentationScope(name: "")
    own.telemetry.tracer(nameless).startSpan("op", context: .topLevel, kind: .server).end()
    #expect(processor.spans.map(\.name) == ["op"])
    own.telemetry.logger(nameless).emit(LogRecord("hello"))
    #expect(own.telemetry.meter(nameless).scope.name == "")
    #expect(own.lines.all.count == 3)
  }

  @Test("threads that ask for tracers, meters, loggers and instruments at once get the same ones")
  func threads() async throws {
    let (spans, metrics) = (InMemorySpanExporter(), InMemoryMetricExporter())
    let own = try OwnTelemetry {
      $0.spanExporters = [.batch(spans)]
      $0.metricExporters = [PluggedMetricExporter(metrics)]
    }
    let telemetry = own.telemetry
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          for number in 0..<50 {
            let scope = InstrumentationScope(name: "part \(number % 5)")
            telemetry.tracer(scope).startSpan("op", context: .topLevel, kind: .server).end()
            telemetry.meter(scope).counter("m").add()
            telemetry.meter(scope).addCallback { _ in }.cancel()
            telemetry.logger(scope).emit(LogRecord("hello"))
          }
        }
      }
    }
    #expect(await telemetry.shutdown(within: .seconds(30)))
    #expect(spans.spans.count == 400 && Set(spans.spans.map(\.scope.name)).count == 5)
    let batch = try #require(metrics.batches.last)
    #expect(batch.count == 5)
    #expect(batch.allSatisfy { $0.metrics.map(\.numbers).map { $0[0].value } == [.int(80)] })
  }

  @Test("a destination that does not come back holds up no other")
  func destinations() async throws {
    let kept = InMemorySpanExporter()
    let gate = Completion()
    let stuck = AnsweringSpanExporter { [loop] _ in
      _ = await gate.wait(until: .now() + .seconds(50), on: loop)
      return .success
    }
    let own = try OwnTelemetry { $0.spanExporters = [.simple(stuck), .simple(kept)] }
    own.spans(20)
    while kept.spans.count < 20 { await Task.yield() }
    #expect(stuck.kept.spans.isEmpty)
    gate.complete()
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(stuck.kept.spans.count == 20)
  }

  @Test("any number of telemetries side by side: what one makes the others do not have")
  func sideBySide() async throws {
    let exporters = (0..<3).map { _ in InMemorySpanExporter() }
    let all = try exporters.map { exporter in
      try OwnTelemetry { $0.spanExporters = [.batch(exporter)] }
    }
    for (index, own) in all.enumerated() { own.spans(index + 1) }
    for own in all { #expect(await own.telemetry.shutdown(within: .seconds(30))) }
    #expect(exporters.map(\.spans.count) == [1, 2, 3])
  }
}

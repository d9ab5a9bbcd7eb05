import Instrumentation
import OTLP
import OTLPOracle
import ServiceContextModule
import Sockets
import Testing

@testable import Telemetry

@Suite("The module's own metrics", .timeLimit(.minutes(1)))
struct SDKMetricsTests {
  /// The latest request with metrics, as the official definitions read it.
  private func latest(_ collector: Collector) throws -> JSONValue {
    try #require(collector.requests.last { $0.line.contains("metrics") }).decoded().decoded()
  }

  /// The points of the latest request, by metric and the attributes that tell them apart.
  private func points(_ collector: Collector) throws -> [String: [String: Int]] {
    let request = try latest(collector)
    var found: [String: [String: Int]] = [:]
    for scope in request["resource_metrics"][0]["scope_metrics"].list
    where scope["scope"]["name"].string == "telemetry" {
      for metric in scope["metrics"].list {
        for point in metric["sum"]["data_points"].list {
          let attributes = point["attributes"]
          let keys = [
            "otel.span.parent.origin", "otel.span.sampling_result", "otel.component.name",
            "error.type",
          ]
          let words = keys.compactMap { attributes.attribute($0)["string_value"].string }
          found[metric["name"].string ?? "", default: [:]][words.joined(separator: " ")] =
            point["as_int"].int
        }
      }
    }
    return found
  }

  private func total(_ points: [String: Int]?) -> Int { (points ?? [:]).values.reduce(0, +) }

  private static let slow = [
    "OTEL_BSP_SCHEDULE_DELAY": "3600000", "OTEL_BLRP_SCHEDULE_DELAY": "3600000",
    "OTEL_METRIC_EXPORT_INTERVAL": "3600000", "OTEL_BSP_MAX_QUEUE_SIZE": "20",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE": "20", "OTEL_BLRP_MAX_QUEUE_SIZE": "1000",
  ]

  @Test("everything that was begun is somewhere: live, lost, waiting, on its way or delivered")
  func account() async throws {
    let collector = try Collector { _, request in
      request.line.contains("logs") ? .status(400) : .status(200)
    }
    let bootstrapped = try Bootstrapped(
      Self.slow.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint]) { $1 })
    let tracer = bootstrapped.telemetry.tracer
    let live = tracer.startSpan("live", context: .topLevel, kind: .server)
    bootstrapped.work(15)
    _ = await bootstrapped.telemetry.forceFlush(within: .seconds(30))
    bootstrapped.work(5)
    _ = await bootstrapped.telemetry.metrics?.forceFlush(deadline: .now() + .seconds(30))
    let points = try points(collector)
    let started = points["otel.sdk.span.started"]
    #expect(started?["none RECORD_AND_SAMPLE"] == 21 && total(started) == 21)
    #expect(started?["local DROP"] == 0 && started?.count == 9)
    #expect(points["otel.sdk.span.live"] == ["RECORD_AND_SAMPLE": 1, "RECORD_ONLY": 0])
    #expect(points["otel.sdk.log.created"] == ["": 20])

    for (word, records) in [("span", 20), ("log", 20)] {
      let prefix = "otel.sdk.processor.\(word)"
      let processed = points["\(prefix).processed"]
      let waiting = total(points["\(prefix).queue.size"])
      #expect(waiting == 5 && total(processed) + waiting == records, "\(word)")
      let exporter = "otel.sdk.exporter.\(word)"
      let exported = points["\(exporter).exported"]
      #expect(total(exported) + total(points["\(exporter).inflight"]) == 15, "\(word)")
      #expect(exported?.keys.contains { $0.hasSuffix(" 400") } == (word == "log"), "\(word)")
    }
    #expect(total(points["otel.sdk.processor.span.queue.capacity"]) == 20)
    #expect(total(points["otel.sdk.processor.log.queue.capacity"]) == 1_000)
    live.end()
    _ = await bootstrapped.telemetry.shutdown(within: .seconds(30))
  }

  @Test("overload: what the queue did not take is counted, and said once")
  func overload() async throws {
    let collector = try Collector { _, request in
      request.line.contains("traces") ? .silence : .status(200)
    }
    let bootstrapped = try Bootstrapped(
      Self.slow.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint]) { $1 })
    let telemetry = bootstrapped.telemetry
    bootstrapped.work(20)
    while telemetry.statistics.exporters.values.allSatisfy({ $0.inFlight == 0 }) {
      await Task.yield()
    }
    bootstrapped.work(50)
    _ = await telemetry.metrics?.forceFlush(deadline: .now() + .seconds(30))
    let points = try points(collector)
    let processed = points["otel.sdk.processor.span.processed"] ?? [:]
    #expect(processed.filter { $0.key.hasSuffix(" queue_full") }.values.reduce(0, +) == 30)
    #expect(total(processed) == 50 && total(points["otel.sdk.processor.span.queue.size"]) == 20)
    #expect(total(points["otel.sdk.exporter.span.inflight"]) == 20)
    _ = await telemetry.shutdown(within: .milliseconds(300))
    let lines = bootstrapped.diagnostics.all.filter { $0.contains("wait already") }
    #expect(lines == ["telemetry: 30 spans are lost: 20 wait already, more are made than are sent"])
    #expect(telemetry.statistics.traces.dropped == [.queueFull: 30, .shutdown: 40])
  }

  @Test("durations: one for each export with its outcome, one for each collection")
  func durations() async throws {
    let collector = try Collector()
    let bootstrapped = try Bootstrapped(
      Self.slow.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint]) { $1 })
    for _ in 0..<2 {
      bootstrapped.work()
      #expect(await bootstrapped.telemetry.forceFlush(within: .seconds(30)))
    }
    _ = await bootstrapped.telemetry.metrics?.forceFlush(deadline: .now() + .seconds(30))
    let request = try latest(collector)
    let metrics = request["resource_metrics"][0]["scope_metrics"].list.flatMap { $0["metrics"].list }
    func points(_ name: String) -> [JSONValue] {
      let metric = metrics.first { $0["name"].string == name } ?? JSONValue(nil)
      #expect(metric["unit"].string == "s")
      return metric["histogram"]["data_points"].list
    }
    let spans = points("otel.sdk.exporter.operation.duration").filter {
      $0["attributes"].attribute("otel.component.type")["string_value"].string
        == "otlp_http_span_exporter"
    }
    #expect(spans.count == 1 && spans.first?["count"].int == 2)
    let attributes = spans.first?["attributes"] ?? JSONValue(nil)
    #expect(attributes.attribute("http.response.status_code")["int_value"].int == 200)
    #expect(attributes.attribute("server.address")["string_value"].string == "127.0.0.1")
    #expect(attributes.attribute("server.port")["int_value"].int ?? 0 > 0)
    #expect(!attributes.attribute("error.type").exists)
    #expect(spans.first?["explicit_bounds"].list.count == 0)
    let collections = points("otel.sdk.metric_reader.collection.duration")
    #expect(collections.count == 1 && collections.first?["count"].int == 2)
    _ = await bootstrapped.telemetry.shutdown(within: .seconds(30))
  }
}

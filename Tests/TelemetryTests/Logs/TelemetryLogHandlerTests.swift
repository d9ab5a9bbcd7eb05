import Logging
import OTLP
import OTLPOracle
import ServiceContextModule
import Synchronization
import Testing

@testable import Telemetry

@Suite("Log handler")
struct TelemetryLogHandlerTests {
  private struct OutOfStock: Error, CustomStringConvertible {
    var description: String { "nothing left" }
  }

  @Test("one record, two destinations: the same time, ids, text and attributes")
  func both() async throws {
    let fixture = try LogFixture()
    let span = RecordedTracer().tracer.startSpan("op", context: .topLevel, kind: .server)
    ServiceContext.$current.withValue(span.context) {
      fixture.logger("shop.orders").warning("low", metadata: ["left": .stringConvertible(2)])
    }
    let (traceID, spanID) = ("\(span.spanContext.traceID)", "\(span.spanContext.spanID)")
    let line = try #require(try await fixture.objects().first)
    #expect(
      line.names == [
        "attributes", "level", "logger", "message", "span_id", "timestamp", "trace_flags", "trace_id",
      ])
    #expect(line["timestamp"].string == "2025-11-24T16:00:00.123456Z")
    #expect(line["logger"].string == "shop.orders" && line["message"].string == "low")
    #expect(line["trace_id"].string == traceID && line["span_id"].string == spanID)
    #expect(line["trace_flags"].string == "03")
    #expect(line["attributes"]["left"].int == 2)
    let (scope, record) = try #require(try fixture.records().first)
    #expect(scope == "shop.orders" && record["body"]["string_value"].string == "low")
    #expect(record["trace_id"].string == traceID && record["span_id"].string == spanID)
    #expect(record["flags"].int == 3)
    #expect(record["time_unix_nano"].string == "1764000000123456789")
    #expect(record["observed_time_unix_nano"].string == "1764000000123456789")
    #expect(record["attributes"].attribute("left")["int_value"].int == 2)
    #expect(fixture.pipeline.emittedCount == 1)
  }

  @Test("outside of a span there are no ids; in one that is not sampled the flags say so")
  func ids() async throws {
    let fixture = try LogFixture()
    fixture.logger().info("outside")
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: [])
    ServiceContext.$current.withValue(context) { fixture.logger().info("inside") }
    let lines = try await fixture.objects()
    #expect(lines[0].names == ["level", "logger", "message", "timestamp"])
    #expect(lines[1]["trace_flags"].string == "00" && lines[1]["span_id"].string?.last == "3")
    let records = try fixture.records().map(\.record)
    #expect(!records[0]["trace_id"].exists && !records[0]["flags"].exists)
    #expect(records[1]["trace_id"].string == "00000000000000010000000000000002")
  }

  @Test("metadata: the record's beats the provider's, that the logger's; sorted by name")
  func precedence() async throws {
    let provider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
    let fixture = try LogFixture()
    var logger = fixture.logger(provider: provider)
    for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
    #expect(logger[metadataKey: "a"] == "logger")
    logger.info("m", metadata: ["c": "record", "0": "first"])
    let line = try #require(await fixture.lines().first)
    #expect(
      line.contains(
        "\"attributes\":{\"0\":\"first\",\"a\":\"logger\",\"b\":\"provider\",\"c\":\"record\"}"))
  }

  @Test("a logger's own provider, that of loggers to come, and loggers that share nothing")
  func copies() async throws {
    let calls = Atomic<Int>(0)
    let provider = Logger.MetadataProvider {
      ["n": .stringConvertible(calls.wrappingAdd(1, ordering: .relaxed).newValue)]
    }
    let fixture = try LogFixture()
    var first = fixture.logger(provider: provider)
    let second = first
    first[metadataKey: "a"] = "1"
    first.logLevel = .error
    first.info("not said")
    second.info("m")
    first.error("m")
    let lines = try await fixture.objects()
    #expect(lines.map { $0["attributes"]["n"].int } == [1, 2])
    #expect(lines.map { $0["attributes"]["a"].string } == [nil, "1"])
  }

  @Test("an error becomes exception attributes, which the program's own beat")
  func errors() async throws {
    let fixture = try LogFixture()
    fixture.logger().error("failed", error: OutOfStock())
    fixture.logger().error(
      "failed", error: OutOfStock(), metadata: ["exception.message": "mine"])
    let lines = try await fixture.objects().map { $0["attributes"] }
    #expect(lines[0]["exception.message"].string == "nothing left")
    #expect(lines[0]["exception.type"].string?.hasSuffix("OutOfStock") == true)
    #expect(lines[1]["exception.message"].string == "mine")
  }

  @Test("event.name is the record's event name, and stays an attribute in the line")
  func eventName() async throws {
    let fixture = try LogFixture()
    fixture.logger().info("m", metadata: ["event.name": "order.placed", "a": "1"])
    fixture.logger().info("m", metadata: ["event.name": "order.placed"])
    let lines = await fixture.lines()
    #expect(lines[0].contains("\"attributes\":{\"event.name\":\"order.placed\",\"a\":\"1\"}"))
    #expect(lines[1].contains("\"attributes\":{\"event.name\":\"order.placed\"}"))
    let record = try #require(try fixture.records().first?.record)
    #expect(record["event_name"].string == "order.placed")
    #expect(record["attributes"].list.map { $0["key"].string } == ["a"])
  }

  @Test("limits: at the edge kept, beyond it dropped and counted; long texts are cut")
  func limits() async throws {
    var limits = TelemetryConfiguration.LogRecordLimits()
    limits.attributesMax = 2
    limits.attributeValueLengthMax = 3
    let fixture = try LogFixture()
    let logger = fixture.logger(limits: limits)
    logger.info("message", metadata: ["a": "123", "b": "1234"])
    logger.info("message", metadata: ["a": "1", "b": "2", "c": "3"])
    let lines = try await fixture.objects()
    #expect(lines[0]["attributes"]["a"].string == "123")
    #expect(lines[0]["attributes"]["b"].string == "123")
    // The body is no attribute.
    #expect(lines[0]["message"].string == "message")
    #expect(lines[1]["attributes"].names.count == 2)
    let records = try fixture.records().map(\.record)
    #expect(!records[0]["dropped_attributes_count"].exists)
    #expect(records[1]["dropped_attributes_count"].int == 1)
  }
}

import OTLP
import OTLPOracle
import ServiceContextModule
import Synchronization
import Testing

@testable import Telemetry

@Suite("Logs API", .timeLimit(.minutes(1)))
struct TelemetryLoggerTests {
  private struct OutOfStock: Error, CustomStringConvertible {
    var description: String { "nothing left" }
  }

  private let scope = InstrumentationScope(
    name: "part", version: "2", attributes: [Attribute("a", 1)], schemaURL: "url")

  private func logger(
    _ fixture: LogFixture, limits: TelemetryConfiguration.LogRecordLimits = .init()
  ) -> TelemetryLogger {
    TelemetryLogger(scope, pipeline: fixture.pipeline, limits: limits, unixNanoseconds: { 77 })
  }

  @Test("a record with everything of its own")
  func emit() async throws {
    let fixture = try LogFixture()
    logger(fixture).emit(
      LogRecord(
        "hello", severity: LogSeverity(rawValue: 10), severityText: "notable",
        eventName: "order.placed", attributes: [Attribute("n", 2)], at: 5, observedAt: 6))
    let (name, record) = try #require(try fixture.records().first)
    #expect(name == "part" && record["body"]["string_value"].string == "hello")
    #expect(record["severity_number"].int == 10)
    #expect(record["severity_text"].string == "notable")
    #expect(record["event_name"].string == "order.placed")
    #expect(record["attributes"].attribute("n")["int_value"].int == 2)
    #expect(record["time_unix_nano"].string == "5")
    #expect(record["observed_time_unix_nano"].string == "6")
    let line = try #require(try await fixture.objects().first)
    #expect(line["level"].string == "notable" && line["logger"].string == "part")
    #expect(line["attributes"]["event.name"].string == "order.placed")
  }

  @Test("without times: observed when it is emitted, and that is what a line shows")
  func observed() async throws {
    let fixture = try LogFixture()
    logger(fixture).emit(LogRecord("hello"))
    let record = try #require(try fixture.records().first?.record)
    #expect(record["observed_time_unix_nano"].string == "77")
    #expect(record["time_unix_nano"].string ?? "0" == "0")
    let line = try #require(try await fixture.objects().first)
    #expect(line["timestamp"].string == "1970-01-01T00:00:00.000000Z")
    #expect(line["level"].string == "")
  }

  @Test("the ids are those of the context's active span: the task's, or one that is handed over")
  func ids() throws {
    let fixture = try LogFixture()
    let logger = logger(fixture)
    ServiceContext.withValue(.inSpan(7, isSampled: true)) {
      logger.emit(LogRecord("task's"))
      logger.emit(LogRecord("other"), context: .inSpan(8, isSampled: false))
      logger.emit(LogRecord("none"), context: .topLevel)
    }
    let records = try fixture.records().map(\.record)
    #expect(records[0]["span_id"].string == "0000000000000007" && records[0]["flags"].int == 1)
    #expect(records[1]["span_id"].string == "0000000000000008")
    #expect(!records[2]["span_id"].exists)
  }

  @Test("a body with structure")
  func structuredBody() async throws {
    let fixture = try LogFixture()
    logger(fixture).emit(LogRecord(.map([Attribute("items", [1, 2]), Attribute("ok", true)])))
    let record = try #require(try fixture.records().first?.record)
    #expect(
      record["body"]["kvlist_value"]["values"].attribute("ok")["bool_value"].bool == true)
    let line = try #require(try await fixture.objects().first)
    #expect(line["message"]["items"].list.compactMap(\.int) == [1, 2])
  }

  @Test("an error becomes attributes, unless the record has some of that name")
  func exception() throws {
    let fixture = try LogFixture()
    let logger = logger(fixture)
    logger.emit(LogRecord("failed", severity: .error), error: OutOfStock())
    logger.emit(
      LogRecord("failed", attributes: [Attribute("exception.message", "mine")]),
      error: OutOfStock())
    let records = try fixture.records().map(\.record)
    let first = records[0]["attributes"]
    #expect(
      first.attribute("exception.type")["string_value"].string
        == "TelemetryTests.TelemetryLoggerTests.OutOfStock")
    #expect(first.attribute("exception.message")["string_value"].string == "nothing left")
    let second = records[1]["attributes"]
    #expect(second.attribute("exception.message")["string_value"].string == "mine")
    #expect(second.attribute("exception.type").exists)
  }

  @Test("limits: at the edge kept, beyond it dropped and counted")
  func limits() throws {
    let fixture = try LogFixture()
    var limits = TelemetryConfiguration.LogRecordLimits()
    limits.attributesMax = 2
    limits.attributeValueLengthMax = 3
    logger(fixture, limits: limits).emit(
      LogRecord("m", attributes: ["a", "b", "c"].map { Attribute($0, "long") }))
    let record = try #require(try fixture.records().first?.record)
    #expect(record["attributes"].list.count == 2 && record["dropped_attributes_count"].int == 1)
    #expect(record["attributes"].attribute("a")["string_value"].string == "lon")
  }

  @Test(
    "severities and their short names",
    arguments: [
      (LogSeverity.unspecified, 0, ""), (.trace, 1, "TRACE"), (.debug, 5, "DEBUG"),
      (.info, 9, "INFO"), (.warn, 13, "WARN"), (.error, 17, "ERROR"), (.fatal, 21, "FATAL"),
      (LogSeverity(rawValue: 10), 10, "INFO2"), (LogSeverity(rawValue: 24), 24, "FATAL4"),
      (LogSeverity(rawValue: 25), 24, "FATAL4"),
    ])
  func severities(severity: LogSeverity, number: UInt8, name: String) {
    #expect(severity.rawValue == number && severity.shortName == name)
    #expect(severity <= LogSeverity.fatal || number > 21)
  }

  @Test("loggers of a telemetry: their scope with its attributes and schema reaches the exporter")
  func scopes() async throws {
    let exporter = InMemoryLogRecordExporter()
    let own = try OwnTelemetry { $0.logRecordExporters = [.batch(exporter)] }
    own.telemetry.logger(scope).emit(LogRecord("hello"))
    #expect(await own.telemetry.shutdown(within: .seconds(30)))
    #expect(exporter.records.map(\.scope) == [scope])
    #expect(exporter.records.first?.resource["service.name"] == "shop")
    #expect(own.lines.all.isEmpty)
    own.telemetry.logger(InstrumentationScope(name: "")).emit(LogRecord("nameless"))
    #expect(own.lines.all.count == 1)
  }

  // MARK: Enabled

  private struct Picky: LogRecordProcessor {
    func isEnabled(
      severityNumber: UInt8, eventName: String, scope: ScopeReference, context: ServiceContext
    ) -> Bool {
      severityNumber >= 17 || eventName == "wanted" || scope.scope.name == "loud"
        || context.spanContext?.isSampled == true
    }

    func onEmit(_ record: inout LogRecord, scope: ScopeReference, context: ServiceContext) {}
  }

  @Test("enabled: what any processor wants, and everything where there are other destinations")
  func isEnabled() throws {
    let picky = try OwnTelemetry { $0.logRecordProcessors = [Picky()] }.telemetry
    let logger = picky.logger(scope)
    #expect(!logger.isEnabled() && !logger.isEnabled(severity: .warn))
    #expect(logger.isEnabled(severity: .error) && logger.isEnabled(eventName: "wanted"))
    #expect(logger.isEnabled(context: .inSpan(1, isSampled: true)))
    #expect(picky.logger(InstrumentationScope(name: "loud")).isEnabled())

    #expect(try !OwnTelemetry({ _ in }).telemetry.logger(scope).isEnabled(severity: .fatal))
    let exporting = try OwnTelemetry {
      $0.logRecordProcessors = [Picky()]
      $0.logRecordExporters = [.batch(InMemoryLogRecordExporter())]
    }
    #expect(exporting.telemetry.logger(scope).isEnabled())
    #expect(TelemetryLogger(scope, pipeline: LogPipeline()).isEnabled(), "kept until connected")
  }
}

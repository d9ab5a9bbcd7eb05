import Instrumentation
import Logging
import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Changes while the process runs")
struct RuntimeTests {
  private static let standard = TelemetryConfiguration.Traces()

  private func settings(_ text: String, over traces: TelemetryConfiguration.Traces = standard)
    -> RuntimeSettings?
  {
    try? RuntimeSettings(parsing: text, over: traces)
  }

  @Test("a file says what differs from the environment, and an empty one nothing")
  func parsing() throws {
    let text = """
      # for the incident
      LOG_LEVEL = Debug

        OTEL_TRACES_SAMPLER=always_off
      OTEL_SWIFT_TRACES_SAMPLER_RULES=GET /health*=0
      """
    let read = try #require(settings(text))
    #expect(read.logLevel == .debug && read.traces.sampler == .alwaysOff)
    #expect(read.traces.rules.map(\.text) == ["GET /health*=0.0"])
    #expect(settings("")?.traces == Self.standard && settings("")?.logLevel == nil)
    #expect(settings("LOG_LEVEL=")?.logLevel == nil)
  }

  @Test("a ratio alone changes the sampler that there is")
  func ratio() {
    let ratio = "OTEL_TRACES_SAMPLER_ARG=0.5"
    #expect(settings(ratio)?.traces.sampler == .parentBased(root: .traceIDRatio(0.5)))
    var traces = Self.standard
    traces.sampler = .alwaysOn
    #expect(settings(ratio, over: traces)?.traces.sampler == .traceIDRatio(0.5))
    #expect(
      settings("OTEL_TRACES_SAMPLER=traceidratio\n" + ratio)?.traces.sampler
        == .traceIDRatio(0.5))
  }

  @Test("one thing that is wrong, and nothing of the file counts", arguments: [
    ("LOG_LEVEL=loud", "'loud' is none of trace"), ("LOG_LEVEL", "line 1 is not NAME=value"),
    ("\nOTEL_LOG_LEVEL=debug", "line 2: 'OTEL_LOG_LEVEL' is none of LOG_LEVEL"),
    ("OTEL_TRACES_SAMPLER=half", "OTEL_TRACES_SAMPLER: 'half'"),
    ("OTEL_TRACES_SAMPLER_ARG=2", "OTEL_TRACES_SAMPLER_ARG: '2'"),
    ("LOG_LEVEL=debug\nOTEL_SWIFT_TRACES_SAMPLER_RULES=a", "OTEL_SWIFT_TRACES_SAMPLER_RULES"),
  ])
  func malformed(text: String, complaint: String) {
    do throws(RuntimeSettings.Invalid) {
      _ = try RuntimeSettings(parsing: text, over: Self.standard)
      Issue.record("\(text) was taken")
    } catch {
      #expect(error.description.contains(complaint), "\(error)")
    }
  }

  private func bootstrapped(_ folder: TemporaryFolder) throws -> Bootstrapped {
    try Bootstrapped([
      "OTEL_TRACES_EXPORTER": "console", "OTEL_METRICS_EXPORTER": "none",
      "OTEL_LOGS_EXPORTER": "none", "OTEL_SWIFT_RUNTIME_FILE": folder.path + "/runtime",
    ])
  }

  @Test("loggers and spans follow the file as it changes, comes and goes")
  func reload() throws {
    let folder = try TemporaryFolder()
    let bootstrapped = try bootstrapped(folder)
    let (telemetry, logger) = (bootstrapped.telemetry, bootstrapped.logger())
    func isSampled() -> Bool {
      let span = telemetry.tracer.startSpan("GET /a", context: .topLevel, kind: .server)
      defer { span.end() }
      return span.spanContext.isSampled
    }
    telemetry.runtime.setStandardLevel(.notice)
    #expect(telemetry.runtime.reload())
    #expect(logger.logLevel == .notice && isSampled())
    try folder.write("LOG_LEVEL=trace\nOTEL_TRACES_SAMPLER_ARG=0", to: "runtime")
    #expect(telemetry.runtime.reload())
    #expect(logger.logLevel == .trace && !isSampled())
    var own = logger
    own.logLevel = .error
    try folder.write("LOG_LEVEL=nonsense\nOTEL_TRACES_SAMPLER_ARG=1", to: "runtime")
    #expect(!telemetry.runtime.reload())
    #expect(logger.logLevel == .trace && !isSampled())
    #expect(bootstrapped.diagnostics.all.last?.contains("nothing is changed") == true)
    try folder.write("LOG_LEVEL=debug", to: "runtime")
    #expect(telemetry.runtime.reload())
    #expect(logger.logLevel == .debug && own.logLevel == .error && isSampled())
    try folder.write(String(repeating: "#", count: 65_537), to: "runtime")
    #expect(!telemetry.runtime.reload())
    try folder.write(String(repeating: "#", count: 65_536), to: "runtime")
    #expect(telemetry.runtime.reload() && logger.logLevel == .notice)
  }

  @Test("a folder, or nothing at all, in the file's place")
  func noFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("x", to: "runtime/file")
    let bootstrapped = try bootstrapped(folder)
    #expect(!bootstrapped.telemetry.runtime.reload())
    let without = try Bootstrapped(["TELEMETRY": "console"])
    #expect(without.telemetry.runtime.reload() && without.diagnostics.all == [])
  }
}

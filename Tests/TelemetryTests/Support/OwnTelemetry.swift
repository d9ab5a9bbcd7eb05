import OTLP
import ServiceContextModule
import Sockets

@testable import Telemetry

/// A whole telemetry that exports to what the test brings along, and nowhere else.
struct OwnTelemetry {
  let telemetry: Telemetry
  let lines = DiagnosticLines()

  init(
    disabled: Bool = false, _ change: (inout Telemetry.Environment) -> Void,
    configuration changeConfiguration: (inout TelemetryConfiguration) -> Void = { _ in }
  ) throws {
    var configuration = TelemetryConfiguration()
    configuration.serviceName = "shop"
    configuration.resourceDetectors = []
    configuration.isDisabled = disabled
    configuration.traces.exporters = []
    configuration.metrics.exporters = []
    configuration.logs.exporters = []
    configuration.metrics.includesProcessMetrics = false
    configuration.metrics.includesSDKMetrics = false
    changeConfiguration(&configuration)
    var environment = Telemetry.Environment()
    environment.outputDescriptor = nil
    environment.log = lines.log
    change(&environment)
    telemetry = try Telemetry.bootstrap(
      configuration: configuration, scope: InstrumentationScope(name: "shop", version: "1"),
      environment: environment)
  }

  func spans(_ count: Int, _ name: String = "op") {
    for _ in 0..<count {
      telemetry.tracer.startSpan(name, context: .topLevel, kind: .server).end()
    }
  }
}

/// Takes spans, and answers as told.
final class AnsweringSpanExporter: SpanExporter {
  typealias Answer = @Sendable ([ReadableSpan]) async -> ExportOutcome

  let kept = InMemorySpanExporter()
  let calls = CallNotes()
  private let answer: Answer

  init(_ answer: @escaping Answer = { _ in .success }) { self.answer = answer }

  func export(_ spans: [ReadableSpan]) async -> ExportOutcome {
    calls.begin("export \(spans.count)")
    defer { calls.end() }
    let outcome = await answer(spans)
    return outcome == .success ? await kept.export(spans) : outcome
  }

  func forceFlush(within time: Duration) async -> FlushResult {
    calls.note("flush")
    return .success
  }

  func shutdown(within time: Duration) async -> FlushResult {
    calls.note("shutdown")
    return await kept.shutdown(within: time)
  }
}

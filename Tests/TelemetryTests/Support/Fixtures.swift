import Instrumentation
import Logging
import OTLP
import OTLPOracle
import ServiceContextModule
import Sockets
import Synchronization

@testable import Telemetry

/// Keeps the lines of the module's own diagnostics.
final class DiagnosticLines: Sendable {
  private let lines = Mutex<[String]>([])

  var all: [String] { lines.withLock { $0 } }

  var log: DiagnosticLog {
    DiagnosticLog(level: .trace) { line in self.lines.withLock { $0.append(line) } }
  }
}

/// Keeps every ended span.
final class RecordingSpanProcessor: SpanProcessor {
  private let records = Mutex<[SpanRecord]>([])

  var spans: [SpanRecord] { records.withLock { $0 } }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    let span = copy span
    records.withLock { $0.append(span) }
  }
}

/// Numbers that count up from a start.
struct CountingNumbers: RandomNumberGenerator {
  var value: UInt64

  mutating func next() -> UInt64 {
    defer { value &+= 1 }
    return value
  }
}

/// A tracer whose ended spans are kept.
struct RecordedTracer {
  let processor = RecordingSpanProcessor()
  let provider: TracerProvider
  let tracer: TelemetryTracer

  init(
    sampler: any Sampler = ParentBasedSampler(root: AlwaysOnSampler()),
    limits: TelemetryConfiguration.SpanLimits = .init(),
    unixNanoseconds: @escaping @Sendable () -> UInt64 = { 1_000 }
  ) {
    provider = TracerProvider(
      sampler: sampler, limits: limits, scopes: ScopeTable(), processor: processor,
      unixNanoseconds: unixNanoseconds)
    tracer = TelemetryTracer(
      provider: provider, scope: InstrumentationScope(name: "test"), propagator: NoOpInstrument())
  }

  var ended: [SpanRecord] { processor.spans }
}

/// A small log record, as one field.
func smallRecord(_ number: Int = 0) -> LogRecord {
  LogRecord(
    unixNanoseconds: 1, observedUnixNanoseconds: 1, severityNumber: 9, severityText: "INFO",
    body: "record \(number)", attributes: [])
}

extension RecordQueue {
  func append(_ record: LogRecord, scope: Int = 0) {
    append(scope: scope) { $0.append(field: ExportRequestEnvelope.recordField, log: record) }
  }
}

extension OTLPRequest {
  /// The body, as the official definitions read it.
  func decoded() throws -> JSONValue {
    let message =
      switch endpoint.path {
      case "/v1/traces": "ExportTraceServiceRequest"
      case "/v1/logs": "ExportLogsServiceRequest"
      default: "ExportMetricsServiceRequest"
      }
    if contentType == "application/json" { return try OTLPOracle.decode(message, json: body) }
    return try OTLPOracle.decode(message, body)
  }
}

/// Notes when spans begin and end.
final class ObservingSpanProcessor: SpanProcessor {
  private let notes = Mutex<[String]>([])

  var events: [String] { notes.withLock { $0 } }
  var observesStart: Bool { true }

  func onStart(_ span: TelemetrySpan, in context: ServiceContext) {
    let parent = context.activeSpan.map { " in \($0.name)" } ?? ""
    notes.withLock { $0.append("\(span.name) begins\(parent)") }
  }

  func onEnd(_ span: borrowing SpanRecord, scope: ScopeReference) {
    let name = span.name
    notes.withLock { $0.append("\(name) ends") }
  }
}

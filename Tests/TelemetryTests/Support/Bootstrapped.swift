import Logging
import OTLP
import OTLPOracle
import ServiceContextModule
import Sockets


@testable import Telemetry

/// A whole telemetry that was configured by variables, with a pipe for standard output.
struct Bootstrapped {
  let telemetry: Telemetry
  let pipe: OutputPipe
  let diagnostics = DiagnosticLines()

  init(
    _ variables: [String: String], logs: LogPipeline? = nil, processors: [any SpanProcessor] = [],
    _ change: (inout TelemetryConfiguration) -> Void = { _ in }
  ) throws {
    pipe = try OutputPipe()
    var configuration = TelemetryConfiguration()
    configuration.serviceName = "shop"
    configuration.resourceDetectors = []
    let warnings = configuration.apply(environment: variables)
    precondition(warnings.isEmpty, "\(warnings)")
    change(&configuration)
    var environment = Telemetry.Environment()
    environment.outputDescriptor = pipe.writeEnd
    environment.logs = logs
    environment.log = diagnostics.log
    environment.spanProcessors = processors
    telemetry = try Telemetry.bootstrap(
      configuration: configuration, scope: InstrumentationScope(name: "shop", version: "1"),
      environment: environment)
  }

  func logger(_ label: String = "app") -> Logger {
    Logger(label: label) { telemetry.makeLogHandler(label: $0) }
  }

  /// Makes a span, a log record within it and a measurement.
  func work(_ count: Int = 1) {
    for _ in 0..<count {
      let span = telemetry.tracer.startSpan("op", context: .topLevel, kind: .server)
      ServiceContext.$current.withValue(span.context) { logger().info("hello") }
      span.end()
    }
  }
}

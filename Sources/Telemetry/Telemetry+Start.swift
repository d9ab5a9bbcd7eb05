public import Logging
import OTLP

extension Telemetry {
  /// Starts the telemetry of a program in one line: configured by the variables that the process was
  /// started with, and the backend of swift-log, swift-metrics and swift-distributed-tracing from then
  /// on. Variables that cannot be used are reported on standard error.
  /// - Parameters:
  ///   - serviceName: `service.name`, unless the environment has one; also the name of the
  ///     instrumentation scope of what is made through the three APIs.
  ///   - version: `service.version`; empty for none.
  ///   - logLevel: Of loggers to come.
  ///   - configure: Changes the settings before the environment does.
  /// - Throws: `TelemetryError` when the system gives no thread or descriptor, or when the process has
  ///   installed a telemetry before.
  public static func start(
    _ serviceName: String, version: String = "", logLevel: Logger.Level = .info,
    environment: Environment = Environment(),
    configure: (inout TelemetryConfiguration) -> Void = { _ in }
  ) throws(TelemetryError) -> Telemetry {
    var configuration = TelemetryConfiguration()
    configuration.serviceName = serviceName
    if !version.isEmpty { configuration.resourceAttributes["service.version"] = version }
    configure(&configuration)
    let warnings = configuration.apply(environment: SystemFiles().environment)
    let log = environment.log ?? DiagnosticLog(level: configuration.diagnosticLevel)
    for warning in warnings { log.log(.warning, "\(warning)") }
    let telemetry = try bootstrap(
      configuration: configuration,
      scope: InstrumentationScope(name: serviceName, version: version), environment: environment)
    try telemetry.install(logLevel: logLevel)
    return telemetry
  }
}

extension SystemFiles {
  /// The variables that the process was started with (proc_pid_environ(5)).
  var environment: [String: String] {
    var variables: [String: String] = [:]
    for entry in (bytes("/proc/self/environ") ?? []).split(separator: 0) {
      guard let separator = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
      let name = String(decoding: entry[..<separator], as: UTF8.self)
      variables[name] = String(decoding: entry[(separator + 1)...], as: UTF8.self)
    }
    return variables
  }
}

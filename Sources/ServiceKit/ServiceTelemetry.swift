import OTLP
import Telemetry

/// A service's telemetry, as the environment asks for it.
struct ServiceTelemetry {
  let telemetry: Telemetry

  /// Builds it and makes it the backend of the logging, metrics and tracing APIs. Variables that
  /// cannot be used are reported, a line each, on standard error.
  /// - Throws: `TelemetryError` when the system gives no thread or descriptor for it.
  init(_ configuration: ServiceConfiguration, environment: [String: String]) throws {
    var settings = TelemetryConfiguration()
    settings.serviceName = configuration.serviceName
    // With the time for draining it stays below the ten seconds that orchestrators allow.
    settings.shutdownTimeout = .seconds(3)
    settings.resourceAttributes = [
      "service.version": TelemetryVersion.current,
      "deployment.environment.name": configuration.environmentName,
    ]
    for warning in settings.apply(environment: environment) {
      Outcome.warn(configuration.serviceName, [Secrets.hide(in: "\(warning)")])
    }
    var parts = Telemetry.Environment()
    parts.instruments = ServiceInstruments.all
    telemetry = try Telemetry.bootstrap(
      configuration: settings,
      scope: InstrumentationScope(
        name: "ostack", version: TelemetryVersion.current,
        schemaURL: TelemetryConfiguration.schemaURL),
      environment: parts)
    try telemetry.install(logLevel: configuration.logLevel)
  }
}

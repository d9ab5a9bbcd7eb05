package import Logging

/// What both services can be told.
package struct ServiceConfiguration: Sendable {
  /// For example `order-service`.
  package let serviceName: String
  /// The names of the variables begin with it: `ORDER_SERVICE`.
  package let variablePrefix: String
  /// Name or address to listen on; `*` is every interface.
  package let host: String
  /// 0 takes a free one.
  package let port: UInt16
  package let dataDirectory: String
  /// Shown by `/health`, and in the telemetry as `deployment.environment.name`.
  package let environmentName: String
  package let logLevel: Logger.Level
  package let eventLoopCount: Int
  /// How long requests under way may take when the service is told to stop.
  package let shutdownTimeout: Duration
  /// Whether requests are traced, measured and logged.
  package let isObserved: Bool

  /// Where telemetry goes, in one word.
  private enum TelemetryMode: String, CaseIterable {
    case otlp, console, off
  }

  package var hostVariable: String { "\(variablePrefix)_HOST" }
  package var portVariable: String { "\(variablePrefix)_PORT" }

  /// - Throws: `SettingError` for the first setting that cannot be used.
  package init(
    serviceName: String, variablePrefix: String, defaultPort: Int, coreCount: Int,
    settings: Settings
  ) throws(SettingError) {
    self.serviceName = serviceName
    self.variablePrefix = variablePrefix
    host = settings.string("\(variablePrefix)_HOST", default: "localhost")
    let number = try settings.integer(
      "\(variablePrefix)_PORT", default: defaultPort, in: 0...65_535)
    port = UInt16(clamping: number)
    dataDirectory = settings.string("DATA_DIRECTORY", default: "data")
    environmentName = settings.string("APP_ENV", default: "dev")
    logLevel = try settings.choice("LOG_LEVEL", default: .info)
    eventLoopCount = try settings.integer("EVENT_LOOPS", default: coreCount, in: 1...256)
    shutdownTimeout = try settings.milliseconds("SHUTDOWN_TIMEOUT", default: 5000)
    isObserved = try settings.choice("TELEMETRY", default: TelemetryMode.otlp) != .off
  }
}

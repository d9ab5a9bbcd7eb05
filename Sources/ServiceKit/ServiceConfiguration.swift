import Gzip
import HTTP1
package import HTTPClient
package import HTTPServer
package import Logging

/// What both services can be told.
package struct ServiceConfiguration: Sendable {
  /// For example `order-service`.
  package let serviceName: String
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

  package let hostVariable: String
  package let portVariable: String
  /// How the port is secured; nil for plain HTTP.
  package let tls: TLSSettings.Server?
  /// Where people look at traces; nil when nobody said.
  package let tracesURL: HTTPURL?
  /// Limits and deadlines of the HTTP server.
  package let server: HTTPServerConfiguration
  /// When responses are compressed, and how much a compressed request may hold.
  package let contentCoding: ContentCodingConfiguration
  /// Which of the service's own requests go through a proxy.
  package let proxies: HTTPProxies

  /// - Parameters:
  ///   - variablePrefix: The names of its own variables begin with it: `ORDER_SERVICE`.
  ///   - coreCount: How many event loops there are when nobody says.
  /// - Throws: `SettingError` for the first setting that cannot be used.
  package init(
    serviceName: String, variablePrefix: String, defaultPort: Int, coreCount: Int,
    settings: Settings
  ) throws(SettingError) {
    self.serviceName = serviceName
    hostVariable = "\(variablePrefix)_HOST"
    portVariable = "\(variablePrefix)_PORT"
    host = try settings.value(
      .string(
        hostVariable, default: "localhost",
        "name or address to listen on; `*` is every interface"))
    port = UInt16(
      clamping: try settings.value(
        .integer(portVariable, default: defaultPort, in: 0...65_535, "0 takes a free port")))
    dataDirectory = try settings.value(
      .string("DATA_DIRECTORY", default: "data", "where the database is kept"))
    environmentName = try settings.value(
      .string(
        "APP_ENV", default: "dev",
        "`environment` in `/health`, `deployment.environment.name` in the telemetry"))
    logLevel = try settings.value(
      .choice(
        "LOG_LEVEL", default: .info,
        "least level that is logged: trace, debug, info, notice, warning, error, critical"))
    isObserved = try settings.value(
      .choice(
        "TELEMETRY", default: TelemetryMode.otlp,
        "otlp; console, for people, in the terminal; off")) != .off
    eventLoopCount = try settings.value(
      .integer(
        "EVENT_LOOPS", default: coreCount, in: 1...256, defaultText: "number of cores",
        "threads that serve"))
    shutdownTimeout = try settings.value(
      .milliseconds(
        "SHUTDOWN_TIMEOUT", default: 5000,
        "milliseconds that requests under way may take when the service is told to stop"))
    tracesURL = try settings.value(
      .optionalURL(
        "JAEGER_UI_URL", example: "http://localhost:16686",
        "Jaeger's pages, as browsers reach them; `/docs` then links the traces of what is tried"))
    tls = try TLSSettings.server(prefix: variablePrefix, settings)
    server = try ServerSetting.read(settings)
    var contentCoding = ContentCodingConfiguration()
    contentCoding.encodersMax = try settings.value(
      .integer(
        "HTTP_COMPRESSED_RESPONSES_MAX", default: contentCoding.encodersMax, in: 0...10_000,
        "responses that are compressed at once, of 260 KiB each; others are sent as they are"))
    // Compressed or not, a request's content has the same limit.
    contentCoding.requestLimits.outputBytesMax = server.limits.bodyBytesMax
    self.contentCoding = contentCoding
    proxies = try ProxySetting.read(settings)
  }
}

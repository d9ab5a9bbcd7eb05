public import Instrumentation
public import OTLP
package import Sockets

extension Telemetry {
  /// What a program brings along; everything has a default.
  public struct Environment: Sendable {
    package typealias MakeTransport = @Sendable (
      TelemetryConfiguration.Signal, TelemetryConfiguration.OTLP, EventLoop
    ) -> any OTLPTransport

    /// Makes the transport to a signal's receiver; nil is HTTP.
    package var transport: MakeTransport?
    /// Carries context over requests; nil is made from the configuration.
    public var propagator: (any Instrument)?
    /// What is known of instruments that are made through swift-metrics, beside those of the
    /// semantic conventions.
    public var instruments: [InstrumentDescription] = []
    /// What becomes of instruments' measurements, where not the default.
    public var views: [MetricView] = []
    /// See the spans that are recorded, beside those that export them.
    public var spanProcessors: [any SpanProcessor] = []
    /// The program's own exporters of spans, beside those that are configured.
    public var spanExporters: [PluggedExporter<any SpanExporter>] = []
    /// See, and may change, log records before they go anywhere.
    public var logRecordProcessors: [any LogRecordProcessor] = []
    /// The program's own exporters of log records, beside those that are configured.
    public var logRecordExporters: [PluggedExporter<any LogRecordExporter>] = []
    /// The program's own exporters of metrics, beside those that are configured; each has a reader.
    public var metricExporters: [PluggedMetricExporter] = []
    /// Find out more about the process and its surroundings than is configured.
    public var resourceDetectors: [any ResourceDetecting] = []
    /// Kept what was logged before; nil makes a new one.
    public var logs: LogPipeline?
    /// The descriptor for lines; nil writes none.
    public var outputDescriptor: Int32? = 1
    public var ids: any IDGenerator = RandomIDGenerator()
    /// nil is made from the configuration.
    public var sampler: (any Sampler)?
    /// The module's own diagnostics; nil is standard error.
    public var log: DiagnosticLog?

    public init() {}

    package init(transport: MakeTransport?) { self.transport = transport }
  }

  /// Builds and starts everything that `configuration` asks for.
  /// - Parameters:
  ///   - resource: Describes the process on all its telemetry; nil is made from the configuration.
  ///   - scope: Of what is made through swift-distributed-tracing and swift-metrics.
  /// - Throws: `TelemetryError` when the system gives no thread or descriptor.
  public static func bootstrap(
    configuration: TelemetryConfiguration, resource: ResourceMessage? = nil,
    scope: InstrumentationScope, environment: Environment = Environment()
  ) throws(TelemetryError) -> Telemetry {
    do throws(SystemError) {
      return try TelemetryBuilder(
        configuration: configuration, resource: resource
          ?? configuration.makeResource(
            detectors: environment.resourceDetectors,
            log: environment.log ?? DiagnosticLog(level: configuration.diagnosticLevel)),
        environment: environment
      ).build(scope: scope)
    } catch {
      throw .system("\(error)")
    }
  }
}

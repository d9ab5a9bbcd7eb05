package import Instrumentation
package import OTLP
package import Sockets

extension Telemetry {
  /// What a program brings along; everything has a default.
  package struct Environment: Sendable {
    package typealias MakeTransport = @Sendable (
      TelemetryConfiguration.Signal, TelemetryConfiguration.OTLP, EventLoop
    ) -> any OTLPTransport

    /// Makes the transport to a signal's receiver; nil is HTTP.
    package var transport: MakeTransport?
    /// Carries context over requests; nil is made from the configuration.
    package var propagator: (any Instrument)?
    /// What is known of instruments that are made through swift-metrics, beside those of the
    /// semantic conventions.
    package var instruments: [InstrumentDescription] = []
    /// What becomes of instruments' measurements, where not the default.
    package var views: [MetricView] = []
    /// See the spans that are recorded, beside those that export them.
    package var spanProcessors: [any SpanProcessor] = []
    /// Kept what was logged before; nil makes a new one.
    package var logs: LogPipeline?
    /// The descriptor for lines; nil writes none.
    package var outputDescriptor: Int32? = 1
    package var ids: any IDGenerator = RandomIDGenerator()
    /// nil is made from the configuration.
    package var sampler: (any Sampler)?
    /// The module's own diagnostics; nil is standard error.
    package var log: DiagnosticLog?

    package init(transport: MakeTransport? = nil) { self.transport = transport }
  }

  /// Builds and starts everything that `configuration` asks for.
  /// - Parameters:
  ///   - resource: Describes the process on all its telemetry; nil is made from the configuration.
  ///   - scope: Of what is made through swift-distributed-tracing and swift-metrics.
  /// - Throws: `TelemetryError` when the system gives no thread or descriptor.
  package static func bootstrap(
    configuration: TelemetryConfiguration, resource: ResourceMessage? = nil,
    scope: InstrumentationScope, environment: Environment = Environment()
  ) throws(TelemetryError) -> Telemetry {
    do throws(SystemError) {
      return try TelemetryBuilder(
        configuration: configuration, resource: resource ?? configuration.makeResource(),
        environment: environment
      ).build(scope: scope)
    } catch {
      throw .system(error)
    }
  }
}

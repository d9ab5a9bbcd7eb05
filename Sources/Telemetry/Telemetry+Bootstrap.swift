import CoreMetrics
package import Instrumentation
package import OTLP
package import Sockets

extension Telemetry {
  /// What a program brings along; everything has a default but the way to a receiver.
  package struct Environment: Sendable {
    /// Makes the transport to a signal's receiver.
    package var transport:
      @Sendable (
        TelemetryConfiguration.Signal, TelemetryConfiguration.OTLP, EventLoop
      ) -> any OTLPTransport
    /// Carries context over requests; nil is made from the configuration.
    package var propagator: (any Instrument)?
    /// What is known of instruments that are made through swift-metrics, beside those of the
    /// semantic conventions.
    package var instruments: [InstrumentDescription] = []
    /// What becomes of instruments' measurements, where not the default.
    package var views: [MetricView] = []
    /// Compresses request bodies with gzip, for signals that are configured so.
    package var gzip: (@Sendable ([UInt8]) -> [UInt8])?
    /// Kept what was logged before; nil makes a new one.
    package var logs: LogPipeline?
    /// The descriptor for lines; nil writes none.
    package var outputDescriptor: Int32? = 1
    package var ids: any IDGenerator = RandomIDGenerator()
    /// nil is made from the configuration.
    package var sampler: (any Sampler)?
    /// The module's own diagnostics; nil is standard error.
    package var log: DiagnosticLog?

    package init(
      transport: @escaping @Sendable (
        TelemetryConfiguration.Signal, TelemetryConfiguration.OTLP, EventLoop
      ) -> any OTLPTransport
    ) {
      self.transport = transport
    }
  }

  /// Builds and starts everything that `configuration` asks for.
  /// - Parameters:
  ///   - resource: Describes the process on all its telemetry; nil is made from the configuration.
  ///   - scope: Of what is made through swift-distributed-tracing and swift-metrics.
  /// - Throws: `TelemetryError` when the system gives no thread or descriptor.
  package static func bootstrap(
    configuration: TelemetryConfiguration, resource: ResourceMessage? = nil,
    scope: InstrumentationScope, environment: Environment
  ) throws(TelemetryError) -> Telemetry {
    do throws(SystemError) {
      return try Builder(
        configuration: configuration, resource: resource ?? configuration.makeResource(),
        environment: environment
      ).build(scope: scope)
    } catch {
      throw .system(error)
    }
  }
}

/// Puts the parts together.
private struct Builder {
  private let configuration: TelemetryConfiguration
  private let environment: Telemetry.Environment
  private let resource: ResourceMessage
  private let loop: EventLoop
  private let logs: LogPipeline
  private let output: StandardOutput?
  private let style: ConsoleStyle
  private let log: DiagnosticLog
  /// By address: signals that share a receiver share the news about it.
  private let health: [String: ReceiverHealth]

  init(
    configuration: TelemetryConfiguration, resource: ResourceMessage,
    environment: Telemetry.Environment
  ) throws(SystemError) {
    self.configuration = configuration
    self.environment = environment
    self.resource = resource
    loop = try EventLoop(name: "telemetry")
    let descriptor = environment.outputDescriptor
    output = if let descriptor { try StandardOutput(descriptor: descriptor) } else { nil }
    style = descriptor.map(ConsoleStyle.forDescriptor) ?? ConsoleStyle(isColoured: false)
    logs = environment.logs ?? LogPipeline()
    let log = environment.log ?? DiagnosticLog(level: configuration.diagnosticLevel)
    self.log = log
    let addresses = [configuration.traces.otlp, configuration.metrics.otlp, configuration.logs.otlp]
      .map(\.endpoint.address)
    health = Dictionary(
      addresses.map { ($0, ReceiverHealth(address: $0, log: log)) },
      uniquingKeysWith: { first, _ in first })
  }

  func build(scope: InstrumentationScope) -> Telemetry {
    let spanBatches = processor(
      .traces, configuration.traces.exporters, configuration.traces.otlp,
      configuration.traces.batching)
    let logBatches = processor(
      .logs, configuration.logs.exporters, configuration.logs.otlp, configuration.logs.batching)
    let provider = TracerProvider(
      sampler: environment.sampler ?? configuration.traces.sampler.makeSampler(),
      limits: configuration.traces.limits, ids: environment.ids, scopes: logs.scopes,
      processor: spanProcessor(spanBatches))
    let tracer = TelemetryTracer(
      provider: provider, scope: scope,
      propagator: environment.propagator ?? configuration.makePropagator(),
      onForceFlush: { spanBatches?.startFlush() })
    connectLogs(logBatches)
    return Telemetry(
      configuration: configuration, tracer: tracer, logs: logs, metrics: metrics(scope),
      parts: Telemetry.Parts(
        loop: loop, provider: provider, spanBatches: spanBatches, logBatches: logBatches,
        output: output))
  }

  private func isUsed(
    _ name: TelemetryConfiguration.ExporterName,
    in exporters: [TelemetryConfiguration.ExporterName]
  ) -> Bool {
    !configuration.isDisabled && exporters.contains(name)
  }

  private func processor(
    _ signal: TelemetryConfiguration.Signal,
    _ exporters: [TelemetryConfiguration.ExporterName], _ otlp: TelemetryConfiguration.OTLP,
    _ batching: TelemetryConfiguration.Batching
  ) -> BatchProcessor? {
    guard isUsed(.otlp, in: exporters) else { return nil }
    let processor = BatchProcessor(
      configuration: BatchProcessor.Configuration(batching),
      exporter: exporter(signal, otlp), loop: loop)
    health[otlp.endpoint.address]?.add(records: signal.recordsName) { processor.droppedTotal }
    return processor
  }

  private func exporter(
    _ signal: TelemetryConfiguration.Signal, _ otlp: TelemetryConfiguration.OTLP
  ) -> OTLPExporter {
    var exporting = OTLPExporter.Configuration(signal: signal, otlp: otlp, resource: resource)
    if otlp.compression == .gzip { exporting.compress = environment.gzip }
    let address = otlp.endpoint.address
    return OTLPExporter(
      configuration: exporting, scopes: logs.scopes,
      transport: environment.transport(signal, otlp, loop),
      health: health[address] ?? ReceiverHealth(address: address, log: log), log: log)
  }

  private func spanProcessor(_ batches: BatchProcessor?) -> (any SpanProcessor)? {
    var processors: [any SpanProcessor] = []
    if let batches { processors.append(BatchSpanProcessor(batches)) }
    if isUsed(.console, in: configuration.traces.exporters), let output {
      processors.append(ConsoleSpanProcessor(output: output, style: style))
    }
    return processors.count > 1 ? SpanProcessorList(processors) : processors.first
  }

  private func connectLogs(_ batches: BatchProcessor?) {
    let isForPeople = isUsed(.console, in: configuration.logs.exporters)
    logs.connect(
      LogPipeline.Destinations(
        output: output,
        format: isForPeople ? ConsoleLogLineFormat(style: style) : JSONLogLineFormat(),
        queue: batches?.queue))
  }

  private func metrics(_ scope: InstrumentationScope) -> MetricsSignal? {
    let exporters = configuration.metrics.exporters
    guard !configuration.isDisabled, !exporters.isEmpty else { return nil }
    return MetricsSignal(
      MetricsPipelineParts(
        configuration: configuration.metrics, loop: loop, scope: scope,
        exporter: isUsed(.otlp, in: exporters)
          ? exporter(.metrics, configuration.metrics.otlp) : nil,
        console: isUsed(.console, in: exporters)
          ? output.map { ConsoleOutput(output: $0, style: style) } : nil,
        log: log), instruments: environment.instruments, views: environment.views)
  }
}

extension OTLPEndpoint {
  /// The URL without its path: what the receiver is called, for people.
  var address: String { "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)" }
}

import Bytes
import Gzip
import Logging
import OTLP
import Sockets
import Synchronization

/// Puts the parts together.
struct TelemetryBuilder {
  private let configuration: TelemetryConfiguration
  private let environment: Telemetry.Environment
  private let resource: ResourceMessage
  private let loop: EventLoop
  private let logs: LogPipeline
  private let output: StandardOutput?
  private let style: ConsoleStyle
  private let log: DiagnosticLog
  private let receivers: Receivers
  private let spools: SpoolSet?

  /// The news about receivers, by address: signals that share one share them.
  private final class Receivers: Sendable {
    private let known = Mutex<[String: ReceiverHealth]>([:])

    func health(of address: String, _ log: DiagnosticLog) -> ReceiverHealth {
      known.withLock { known in
        let health = known[address] ?? ReceiverHealth(address: address, log: log)
        known[address] = health
        return health
      }
    }
  }

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
    log = environment.log ?? DiagnosticLog(level: configuration.diagnosticLevel)
    receivers = Receivers()
    spools = Self.spools(configuration, resource, log)
  }

  /// The disk where what cannot be sent waits; nil when there is to be none, or cannot be.
  private static func spools(
    _ configuration: TelemetryConfiguration, _ resource: ResourceMessage, _ log: DiagnosticLog
  ) -> SpoolSet? {
    guard !configuration.isDisabled, let directory = configuration.spool.directory else {
      return nil
    }
    var name = ""
    for attribute in resource.attributes where attribute.key == "service.name" {
      if case .string(let value) = attribute.value { name = value }
    }
    do throws(SystemError) {
      return try SpoolSet(configuration.spool, directory: directory, serviceName: name)
    } catch {
      log.log(.error, "no telemetry is kept on disk (\(error)); it is retried in memory")
      return nil
    }
  }

  func build(scope: InstrumentationScope) -> Telemetry {
    let (traces, records) = (configuration.traces, configuration.logs)
    let spanPipelines = pipelines(.traces, traces.exporters, traces.otlp, traces.batching)
    let logPipelines = pipelines(.logs, records.exporters, records.otlp, records.batching)
    let ownSpans = spanExportProcessors
    let ownLogs = logExportProcessors
    let sampler = ReplaceableSampler(traces.makeSampler())
    let isReplaceable = configuration.runtimeFile != nil
    let (processor, retention) = spanProcessor(spanPipelines, ownSpans)
    let provider = TracerProvider(
      sampler: environment.sampler ?? (isReplaceable ? sampler : traces.makeSampler()),
      limits: traces.limits, ids: environment.ids, scopes: logs.scopes, processor: processor)
    let tracer = TelemetryTracer(
      provider: provider, scope: scope,
      propagator: environment.propagator ?? configuration.makePropagator(),
      onForceFlush: { for pipeline in spanPipelines { pipeline.processor.startFlush() } })
    let logProcessors = configuration.isDisabled ? [] : environment.logRecordProcessors + ownLogs
    connectLogs(logPipelines, logProcessors)
    let metricExporters = exporters(
      .metrics, configuration.metrics.exporters, configuration.metrics.otlp)
    let sources = TelemetrySources(
      provider: provider, spanPipelines: spanPipelines, logPipelines: logPipelines,
      metricExporters: metricExporters, logs: logs, output: output, spools: spools,
      retention: retention,
      spanProcessors: configuration.isDisabled ? [] : environment.spanProcessors + ownSpans,
      logProcessors: logProcessors, log: log)
    return Telemetry(
      configuration: configuration, resource: resource, tracer: tracer,
      metrics: metrics(scope, sources), sources: sources,
      runtime: RuntimeControl(
        path: configuration.runtimeFile, traces: traces, sampler: sampler, log: log), loop: loop)
  }

  private func isUsed(
    _ name: TelemetryConfiguration.ExporterName,
    in exporters: [TelemetryConfiguration.ExporterName]
  ) -> Bool {
    !configuration.isDisabled && exporters.contains(name)
  }

  /// A queue with its exporter for each exporter that sends batches.
  private func pipelines(
    _ signal: TelemetryConfiguration.Signal, _ names: [TelemetryConfiguration.ExporterName],
    _ otlp: TelemetryConfiguration.OTLP, _ batching: TelemetryConfiguration.Batching
  ) -> [RecordPipeline] {
    exporters(signal, names, otlp).map { exporter in
      var configuration = BatchProcessor.Configuration(batching)
      configuration.onQueueFull = { count in
        exporter.sender.notices.queueFull(count, queueRecordsMax: batching.queueRecordsMax)
      }
      let processor = BatchProcessor(
        configuration: configuration, exporter: exporter, loop: loop)
      exporter.health.add(records: signal.recordsName) { processor.droppedTotal }
      return RecordPipeline(
        component: .processor(signal, batching), processor: processor, exporter: exporter)
    }
  }

  private func exporters(
    _ signal: TelemetryConfiguration.Signal, _ names: [TelemetryConfiguration.ExporterName],
    _ otlp: TelemetryConfiguration.OTLP
  ) -> [OTLPExporter] {
    guard !configuration.isDisabled else { return [] }
    return names.compactMap { name -> OTLPExporter? in
      switch name {
      case .console: return nil
      case .otlp:
        return exporter(
          .httpExporter(signal, otlp), otlp, address: otlp.endpoint.address,
          environment.transport?(signal, otlp, loop) ?? HTTPTransport(otlp, loop: loop),
          spools)
      case .otlpStdout:
        return output.map { output in
          exporter(
            .lineExporter(signal, to: "stdout"), lines(signal), address: "standard output",
            LineTransport(output))
        }
      case .otlpFile:
        return exporter(
          .lineExporter(signal, to: "file"), lines(signal), address: filePath(signal),
          FileTransport(path: filePath(signal), loop: loop))
      }
    }
  }

  private func filePath(_ signal: TelemetryConfiguration.Signal) -> String {
    "\(configuration.fileDirectory)/\(signal.rawValue).jsonl"
  }

  /// How requests look that become lines.
  private func lines(_ signal: TelemetryConfiguration.Signal) -> TelemetryConfiguration.OTLP {
    var otlp = TelemetryConfiguration.OTLP(signal: signal)
    otlp.transport = .httpJSON
    // Below what standard output holds, so that a request always fits when there is room.
    otlp.requestBytesMax = 512 << 10
    return otlp
  }

  private func exporter(
    _ component: TelemetryComponent, _ otlp: TelemetryConfiguration.OTLP, address: String,
    _ transport: any OTLPTransport, _ spools: SpoolSet? = nil
  ) -> OTLPExporter {
    var exporting = OTLPExporter.Configuration(
      signal: component.signal, otlp: otlp, resource: resource, component: component)
    if otlp.compression == .gzip { exporting.compress = Self.compressed }
    return OTLPExporter(
      configuration: exporting, scopes: logs.scopes, transport: transport,
      health: receivers.health(of: address, log), log: log,
      spool: spools.map { (set: $0, loop: loop) })
  }

  @Sendable private static func compressed(_ body: [UInt8]) -> [UInt8] {
    var output = ByteQueue(capacity: body.count / 2 + 64)
    Gzip.encode(body.span, into: &output)
    return output.array()
  }

  private var spanExportProcessors: [SpanExportProcessor] {
    guard !configuration.isDisabled else { return [] }
    return environment.spanExporters.map {
      SpanExportProcessor(
        $0, batching: configuration.traces.batching, resource: resource, loop: loop)
    }
  }

  private var logExportProcessors: [LogExportProcessor] {
    guard !configuration.isDisabled else { return [] }
    return environment.logRecordExporters.map {
      LogExportProcessor($0, batching: configuration.logs.batching, resource: resource, loop: loop)
    }
  }

  private func spanProcessor(
    _ pipelines: [RecordPipeline], _ own: [SpanExportProcessor]
  ) -> (processor: (any SpanProcessor)?, retention: ErrorRetention?) {
    guard !configuration.isDisabled else { return (nil, nil) }
    var processors: [any SpanProcessor] = environment.spanProcessors
    for pipeline in pipelines { processors.append(BatchSpanProcessor(pipeline.processor)) }
    processors += own
    if isUsed(.console, in: configuration.traces.exporters), let output {
      processors.append(ConsoleSpanProcessor(output: output, style: style))
    }
    let all = processors.count > 1 ? SpanProcessorList(processors) : processors.first
    guard configuration.traces.keepsErrors, let all else { return (all, nil) }
    let retention = ErrorRetention(all)
    return (retention, retention)
  }

  private func connectLogs(
    _ pipelines: [RecordPipeline], _ processors: [any LogRecordProcessor]
  ) {
    let isForPeople = isUsed(.console, in: configuration.logs.exporters)
    logs.connect(
      LogPipeline.Destinations(
        output: output,
        format: isForPeople ? ConsoleLogLineFormat(style: style) : JSONLogLineFormat(),
        queues: pipelines.map(\.processor.queue), processors: processors))
  }

  private func metrics(
    _ scope: InstrumentationScope, _ sources: TelemetrySources
  ) -> MetricsSignal? {
    let names = configuration.metrics.exporters
    let own = environment.metricExporters
    guard !configuration.isDisabled, !names.isEmpty || !own.isEmpty else { return nil }
    return MetricsSignal(
      MetricsPipelineParts(
        configuration: configuration.metrics, loop: loop, scope: scope,
        exporters: sources.metricExporters,
        measuredExporters: sources.metricExporters
          + (sources.spanPipelines + sources.logPipelines).map(\.exporter),
        console: isUsed(.console, in: names)
          ? output.map { ConsoleOutput(output: $0, style: style) } : nil,
        log: log, statistics: { sources.statistics }),
      instruments: environment.instruments, views: environment.views,
      own: own.map { ($0.settings, $0.exporter(resource: resource, loop: loop)) })
  }
}

import CoreMetrics
import Instrumentation
public import Logging
@_exported public import OTLP
import Sockets
import Synchronization

/// The telemetry of a process: spans, metrics and log records from the ordinary APIs to a collector
/// and to people.
///
/// `bootstrap` builds everything and touches nothing global, so a process may have several; `install`
/// makes one the backend of swift-log, swift-metrics and swift-distributed-tracing.
public final class Telemetry: Sendable {
  public let configuration: TelemetryConfiguration
  /// What all the telemetry of the process describes.
  public let resource: ResourceMessage
  /// Of the scope that was given to `bootstrap`.
  public let tracer: TelemetryTracer
  public let logs: LogPipeline
  package let metrics: (any MetricsPipeline)?
  /// Makes meters; what they measure goes nowhere when no metrics are exported.
  public let meterProvider: MeterProvider
  /// Changes what can be changed while the process runs.
  public let runtime: RuntimeControl

  private let sources: TelemetrySources
  private let loop: EventLoop

  init(
    configuration: TelemetryConfiguration, resource: ResourceMessage, tracer: TelemetryTracer,
    metrics: MetricsSignal?, sources: TelemetrySources, runtime: RuntimeControl, loop: EventLoop
  ) {
    self.runtime = runtime
    self.configuration = configuration
    self.resource = resource
    self.tracer = tracer
    logs = sources.logs
    self.metrics = metrics
    var environment = MetricEnvironment()
    environment.log = sources.log
    meterProvider = metrics?.provider ?? MeterProvider(readers: [], environment: environment)
    self.sources = sources
    self.loop = loop
  }

  /// What became of the records so far.
  public var statistics: TelemetryStatistics { sources.statistics }

  /// The backend of a logger.
  /// - Parameter logLevel: Its own; nil is that of all loggers, which `runtime` may change.
  public func makeLogHandler(
    label: String, logLevel: Logger.Level? = nil,
    metadataProvider: Logger.MetadataProvider? = nil
  ) -> TelemetryLogHandler {
    TelemetryLogHandler(
      label: label, pipeline: logs, levels: runtime.logLevel, logLevel: logLevel,
      metadataProvider: metadataProvider, limits: configuration.logs.limits)
  }

  /// The tracer of a part of the program.
  public func tracer(_ scope: InstrumentationScope) -> TelemetryTracer {
    if scope.name.isEmpty { sources.log.log(.warning, "a tracer has no name") }
    return tracer.tracer(scope: scope)
  }

  /// The meter of a part of the program.
  public func meter(_ scope: InstrumentationScope) -> TelemetryMeter { meterProvider.meter(scope) }

  /// The logger, for what swift-log cannot say, of a part of the program.
  public func logger(_ scope: InstrumentationScope) -> TelemetryLogger {
    if scope.name.isEmpty { sources.log.log(.warning, "a logger has no name") }
    return TelemetryLogger(scope, pipeline: logs, limits: configuration.logs.limits)
  }

  /// Makes this the backend of swift-log, swift-metrics and swift-distributed-tracing, each of which
  /// allows that once in a process.
  /// - Parameters:
  ///   - logLevel: Of all loggers that have none of their own, until `runtime` changes it; nil when
  ///     the logging system was set up already, with a `LogPipeline` that was handed to `bootstrap`.
  ///   - metadataProvider: Of loggers to come.
  /// - Throws: `TelemetryError.alreadyInstalled` when this or another one was installed before.
  public func install(
    logLevel: Logger.Level? = .info, metadataProvider: Logger.MetadataProvider? = nil
  ) throws(TelemetryError) {
    let isFirst = Self.installedOne.withLock { installed in
      defer { if installed == nil { installed = self } }
      return installed == nil
    }
    guard isFirst else { throw .alreadyInstalled }
    if let logLevel {
      runtime.setStandardLevel(logLevel)
      LoggingSystem.bootstrap(
        { self.makeLogHandler(label: $0, metadataProvider: $1) },
        metadataProvider: metadataProvider)
    }
    if let metrics { MetricsSystem.bootstrap(metrics.factory) }
    InstrumentationSystem.bootstrap(tracer)
    runtime.reload()
  }

  private static let installedOne = Mutex<Telemetry?>(nil)

  /// The one that was installed, through which any part of the program may make tracers, meters and
  /// loggers; nil before.
  public static var installed: Telemetry? { installedOne.withLock { $0 } }

  /// Delivers everything that was recorded until now.
  /// - Parameter time: How long that may take in all; what was not done goes on behind.
  /// - Returns: Whether it was delivered in time.
  @discardableResult
  public func forceFlush(within time: Duration) async -> Bool {
    let deadline = MonotonicInstant.now() + time
    async let points = metrics?.forceFlush(deadline: deadline) ?? true
    async let own = ownProcessors(deadline, span: { await $0.forceFlush(within: $1) }) {
      await $0.forceFlush(within: $1)
    }
    let isDelivered = await all { await $0.forceFlush(deadline: deadline) }
    // Lines come last: some exporters write them.
    return await [points, own, isDelivered, drain(until: deadline)].allSatisfy { $0 }
  }

  /// Delivers what was recorded and ends; records that come later are dropped and counted, lines
  /// for standard output are still written. Later calls wait for the first. What cannot be sent and
  /// may be kept on disk counts as delivered: the next process of the service sends it.
  /// - Parameter time: How long that may take in all; nil is what is configured. What is not
  ///   delivered by then is lost and counted.
  /// - Returns: Whether everything was delivered in time.
  @discardableResult
  public func shutdown(within time: Duration? = nil) async -> Bool {
    let time = time ?? configuration.shutdownTimeout
    let deadline = MonotonicInstant.now() + time
    sources.provider.shutdown()
    // A part is kept for the lines, some of which exporters write at the end.
    let early = deadline + (.zero - min(Self.linesTimeMax, time / 10))
    async let points = metrics?.shutdown(deadline: early) ?? true
    async let own = ownProcessors(early, span: { await $0.shutdown(within: $1) }) {
      await $0.shutdown(within: $1)
    }
    let isDelivered = await all { await $0.shutdown(deadline: early) }
    let isDone = await [points, own, isDelivered, drain(until: deadline)].allSatisfy { $0 }
    sources.output?.close()
    await closeSpools(by: deadline)
    return isDone
  }

  /// Lets go of the files of what was not sent. A disk that hangs is not waited for.
  private func closeSpools(by deadline: MonotonicInstant) async {
    guard let spools = sources.spools else { return }
    let closed = Completion()
    Task {
      await spools.close()
      closed.complete()
    }
    _ = await closed.wait(until: deadline, on: loop)
  }

  private static let linesTimeMax = Duration.milliseconds(200)

  private func drain(until deadline: MonotonicInstant) async -> Bool {
    await sources.output?.drain(until: deadline, on: loop) ?? true
  }

  /// Whether the program's processors, all of which are asked at once, succeed before `deadline`.
  private func ownProcessors(
    _ deadline: MonotonicInstant,
    span: @escaping @Sendable (any SpanProcessor, Duration) async -> FlushResult,
    log: @escaping @Sendable (any LogRecordProcessor, Duration) async -> FlushResult
  ) async -> Bool {
    let calls = BoundedCalls(loop: loop)
    return await withTaskGroup(of: FlushResult.self) { group in
      for processor in sources.spanProcessors {
        group.addTask { await calls.flush(until: deadline) { await span(processor, $0) } }
      }
      for processor in sources.logProcessors {
        group.addTask { await calls.flush(until: deadline) { await log(processor, $0) } }
      }
      return await group.reduce(FlushResult.success) { $0.and($1) } == .success
    }
  }

  /// Whether `body` says so for all processors, which it is called for at once.
  private func all(_ body: @escaping @Sendable (BatchProcessor) async -> Bool) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      for pipeline in sources.spanPipelines + sources.logPipelines {
        group.addTask { await body(pipeline.processor) }
      }
      return await group.reduce(true) { $0 && $1 }
    }
  }
}

import CoreMetrics
import Instrumentation
package import Logging
import OTLP
import Sockets
import Synchronization

/// The telemetry of a process: spans, metrics and log records from the ordinary APIs to a collector
/// and to people.
///
/// `bootstrap` builds everything and touches nothing global, so a process may have several; `install`
/// makes one the backend of swift-log, swift-metrics and swift-distributed-tracing.
package final class Telemetry: Sendable {
  package let configuration: TelemetryConfiguration
  package let tracer: TelemetryTracer
  package let logs: LogPipeline
  package let metrics: (any MetricsPipeline)?

  private let sources: TelemetrySources
  private let loop: EventLoop

  init(
    configuration: TelemetryConfiguration, tracer: TelemetryTracer, metrics: MetricsSignal?,
    sources: TelemetrySources, loop: EventLoop
  ) {
    self.configuration = configuration
    self.tracer = tracer
    logs = sources.logs
    self.metrics = metrics
    self.sources = sources
    self.loop = loop
  }

  /// What became of the records so far.
  package var statistics: TelemetryStatistics { sources.statistics }

  /// The backend of a logger.
  package func makeLogHandler(
    label: String, logLevel: Logger.Level = .info,
    metadataProvider: Logger.MetadataProvider? = nil
  ) -> TelemetryLogHandler {
    TelemetryLogHandler(
      label: label, pipeline: logs, logLevel: logLevel, metadataProvider: metadataProvider,
      limits: configuration.logs.limits)
  }

  /// Makes this the backend of swift-log, swift-metrics and swift-distributed-tracing, each of which
  /// allows that once in a process.
  /// - Parameters:
  ///   - logLevel: Of loggers to come; nil when the logging system was set up already, with a
  ///     `LogPipeline` that was handed to `bootstrap`.
  ///   - metadataProvider: Of loggers to come.
  /// - Throws: `TelemetryError.alreadyInstalled` when this or another one was installed before.
  package func install(
    logLevel: Logger.Level? = .info, metadataProvider: Logger.MetadataProvider? = nil
  ) throws(TelemetryError) {
    guard !Self.isInstalled.exchange(true, ordering: .acquiringAndReleasing) else {
      throw .alreadyInstalled
    }
    if let logLevel {
      LoggingSystem.bootstrap(
        { self.makeLogHandler(label: $0, logLevel: logLevel, metadataProvider: $1) },
        metadataProvider: metadataProvider)
    }
    if let metrics { MetricsSystem.bootstrap(metrics.factory) }
    InstrumentationSystem.bootstrap(tracer)
  }

  private static let isInstalled = Atomic(false)

  /// Delivers everything that was recorded until now.
  /// - Parameter time: How long that may take in all; what was not done goes on behind.
  /// - Returns: Whether it was delivered in time.
  package func forceFlush(within time: Duration) async -> Bool {
    let deadline = MonotonicInstant.now() + time
    async let points = metrics?.forceFlush(deadline: deadline) ?? true
    let isDelivered = await all { await $0.forceFlush(deadline: deadline) }
    // Lines come last: some exporters write them.
    return await [points, isDelivered, drain(until: deadline)].allSatisfy { $0 }
  }

  /// Delivers what was recorded and ends; records that come later are dropped and counted, lines
  /// for standard output are still written. Later calls wait for the first.
  /// - Parameter time: How long that may take in all; nil is what is configured. What is not
  ///   delivered by then is lost and counted.
  /// - Returns: Whether everything was delivered in time.
  package func shutdown(within time: Duration? = nil) async -> Bool {
    let time = time ?? configuration.shutdownTimeout
    let deadline = MonotonicInstant.now() + time
    sources.provider.shutdown()
    // A part is kept for the lines, some of which exporters write at the end.
    let early = deadline + (.zero - min(Self.linesTimeMax, time / 10))
    async let points = metrics?.shutdown(deadline: early) ?? true
    let isDelivered = await all { await $0.shutdown(deadline: early) }
    let isDone = await [points, isDelivered, drain(until: deadline)].allSatisfy { $0 }
    sources.output?.close()
    return isDone
  }

  private static let linesTimeMax = Duration.milliseconds(200)

  private func drain(until deadline: MonotonicInstant) async -> Bool {
    await sources.output?.drain(until: deadline, on: loop) ?? true
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

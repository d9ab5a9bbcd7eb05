import CoreMetrics
import Instrumentation
package import Logging
import OTLP
import Sockets

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

  private let parts: Parts

  /// Everything that runs or is counted.
  struct Parts: Sendable {
    let loop: EventLoop
    let provider: TracerProvider
    let spanBatches: BatchProcessor?
    let logBatches: BatchProcessor?
    let output: StandardOutput?
  }

  init(
    configuration: TelemetryConfiguration, tracer: TelemetryTracer, logs: LogPipeline,
    metrics: (any MetricsPipeline)?, parts: Parts
  ) {
    self.configuration = configuration
    self.tracer = tracer
    self.logs = logs
    self.metrics = metrics
    self.parts = parts
  }

  /// The backend of a logger.
  package func makeLogHandler(
    label: String, logLevel: Logger.Level = .info,
    metadataProvider: Logger.MetadataProvider? = nil
  ) -> TelemetryLogHandler {
    TelemetryLogHandler(
      label: label, pipeline: logs, logLevel: logLevel, metadataProvider: metadataProvider,
      limits: configuration.logs.limits)
  }

  /// Makes this the backend of swift-log, swift-metrics and swift-distributed-tracing. Each of them
  /// allows that once per process.
  /// - Parameter logLevel: Of loggers to come; nil when the logging system was set up already, with
  ///   a `LogPipeline` that was handed to `bootstrap`.
  package func install(logLevel: Logger.Level? = .info) {
    if let logLevel {
      LoggingSystem.bootstrap(
        { self.makeLogHandler(label: $0, logLevel: logLevel, metadataProvider: $1) },
        metadataProvider: nil)
    }
    if let metrics { MetricsSystem.bootstrap(metrics.factory) }
    InstrumentationSystem.bootstrap(tracer)
  }

  /// What became of the records so far.
  package var statistics: TelemetryStatistics {
    var statistics = TelemetryStatistics()
    statistics.traces = parts.spanBatches?.statistics ?? PipelineStatistics()
    statistics.traces.started = parts.provider.startedCount
    statistics.traces.ended = parts.provider.endedCount
    statistics.logs = parts.logBatches?.statistics ?? PipelineStatistics()
    statistics.logs.ended = logs.emittedCount
    statistics.logs.started = statistics.logs.ended
    if logs.earlyDroppedCount > 0 {
      statistics.logs.dropped[.queueFull, default: 0] += logs.earlyDroppedCount
    }
    statistics.outputLinesDropped = parts.output?.droppedCount ?? 0
    return statistics
  }

  /// Delivers everything that was recorded until now.
  /// - Parameter time: How long that may take in all; what was not done goes on behind.
  /// - Returns: Whether it was done in time.
  package func forceFlush(within time: Duration) async -> Bool {
    let deadline = MonotonicInstant.now() + time
    async let spans = parts.spanBatches?.forceFlush(deadline: deadline)
    async let records = parts.logBatches?.forceFlush(deadline: deadline)
    async let points = metrics?.forceFlush(deadline: deadline)
    async let lines = parts.output?.drain(until: deadline, on: parts.loop)
    let results = await (spans, records, points, lines)
    return results.0 != false && results.1 != false && results.2 != false && results.3 != false
  }

  /// Delivers what was recorded and ends; records that come later are dropped and counted, lines
  /// for standard output are still written. Later calls wait for the first.
  /// - Parameter time: How long that may take in all; nil is what is configured. What is not
  ///   delivered by then is lost and counted.
  /// - Returns: Whether everything ended in time.
  package func shutdown(within time: Duration? = nil) async -> Bool {
    let deadline = MonotonicInstant.now() + (time ?? configuration.shutdownTimeout)
    parts.provider.shutdown()
    async let spans = parts.spanBatches?.shutdown(deadline: deadline)
    async let records = parts.logBatches?.shutdown(deadline: deadline)
    async let points = metrics?.shutdown(deadline: deadline)
    async let lines = parts.output?.drain(until: deadline, on: parts.loop)
    let results = await (spans, records, points, lines)
    parts.output?.close()
    return results.0 != false && results.1 != false && results.2 != false && results.3 != false
  }
}

/// What statistics are read from.
struct TelemetrySources: Sendable {
  let provider: TracerProvider
  let spanPipelines: [RecordPipeline]
  let logPipelines: [RecordPipeline]
  let metricExporters: [OTLPExporter]
  let logs: LogPipeline
  let output: StandardOutput?
  let spools: SpoolSet?
  let retention: ErrorRetention?
  /// The program's own, and those that feed its exporters.
  let spanProcessors: [any SpanProcessor]
  let logProcessors: [any LogRecordProcessor]
  let log: DiagnosticLog

  var statistics: TelemetryStatistics {
    var statistics = TelemetryStatistics()
    // With several pipelines of a signal a record would count several times.
    statistics.traces = spanPipelines.first?.processor.statistics ?? PipelineStatistics()
    statistics.traces.started = provider.startedCount
    statistics.traces.ended = provider.endedCount
    statistics.spansStarted = provider.startedCounts
    statistics.spansLiveByDecision = provider.liveCounts
    // What was kept after all is as if it had been sampled.
    statistics.traces.started += retention?.keptCount ?? 0
    statistics.traces.ended += retention?.keptCount ?? 0
    statistics.logs = logPipelines.first?.processor.statistics ?? PipelineStatistics()
    statistics.logs.ended = logs.emittedCount
    statistics.logs.started = statistics.logs.ended
    if logs.earlyDroppedCount > 0 {
      statistics.logs.dropped[.queueFull, default: 0] += logs.earlyDroppedCount
    }
    for pipeline in spanPipelines + logPipelines {
      statistics.processors[pipeline.component] = pipeline.processor.processorStatistics
      statistics.exporters[pipeline.exporter.component] = pipeline.exporter.statistics
    }
    for case let own as SpanExportProcessor in spanProcessors {
      statistics.processors[own.component] = own.statistics
    }
    for case let own as LogExportProcessor in logProcessors {
      statistics.processors[own.component] = own.statistics
    }
    if let first = logPipelines.first, logs.earlyDroppedCount > 0 {
      statistics.processors[first.component]?.dropped[.queueFull, default: 0]
        += logs.earlyDroppedCount
    }
    for exporter in metricExporters { statistics.exporters[exporter.component] = exporter.statistics }
    statistics.spoolBytes = spools?.budget.usedBytes
    statistics.outputLinesDropped = output?.droppedCount ?? 0
    return statistics
  }
}

/// What statistics are read from.
struct TelemetrySources: Sendable {
  let provider: TracerProvider
  let spanPipelines: [RecordPipeline]
  let logPipelines: [RecordPipeline]
  let metricExporters: [OTLPExporter]
  let logs: LogPipeline
  let output: StandardOutput?

  var statistics: TelemetryStatistics {
    var statistics = TelemetryStatistics()
    // With several pipelines of a signal a record would count several times.
    statistics.traces = spanPipelines.first?.processor.statistics ?? PipelineStatistics()
    statistics.traces.started = provider.startedCount
    statistics.traces.ended = provider.endedCount
    statistics.spansStarted = provider.startedCounts
    statistics.spansLive = provider.liveCount
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
    for exporter in metricExporters { statistics.exporters[exporter.component] = exporter.statistics }
    statistics.outputLinesDropped = output?.droppedCount ?? 0
    return statistics
  }
}

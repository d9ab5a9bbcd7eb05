/// What became of all records of a process.
package struct TelemetryStatistics: Sendable, Equatable {
  package var traces = PipelineStatistics()
  package var logs = PipelineStatistics()
  /// Spans by how they began, those that are not recorded too.
  package var spansStarted: [SpanStart: Int] = [:]
  /// Recorded spans that have not ended.
  package var spansLive = 0
  package var processors: [TelemetryComponent: ProcessorStatistics] = [:]
  package var exporters: [TelemetryComponent: ExporterStatistics] = [:]
  /// Lines that standard output did not take.
  package var outputLinesDropped = 0

  package init() {}
}

/// What became of all records of a process.
package struct TelemetryStatistics: Sendable, Equatable {
  package var traces = PipelineStatistics()
  package var logs = PipelineStatistics()
  /// Lines that standard output did not take.
  package var outputLinesDropped = 0

  package init() {}
}

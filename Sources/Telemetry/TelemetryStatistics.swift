/// What became of all records of a process.
public struct TelemetryStatistics: Sendable, Equatable {
  public var traces = PipelineStatistics()
  public var logs = PipelineStatistics()
  /// Spans by how they began, those that are not recorded too.
  public var spansStarted: [SpanStart: Int] = [:]
  /// Recorded spans that have not ended, by what the sampler said of them.
  public var spansLiveByDecision: [SamplingResult.Decision: Int] = [:]
  public var processors: [TelemetryComponent: ProcessorStatistics] = [:]
  public var exporters: [TelemetryComponent: ExporterStatistics] = [:]
  /// Bytes of all files of what could not be sent; nil when nothing is kept on disk.
  public var spoolBytes: Int?
  /// Lines that standard output did not take.
  public var outputLinesDropped = 0

  public init() {}
}

/// What a processor did with its records so far (OpenTelemetry semantic conventions, "SDK metrics").
public struct ProcessorStatistics: Sendable, Equatable {
  /// Records that wait.
  public var queueSize: Int
  /// Records that may wait.
  public var queueCapacity: Int
  /// Records that the exporter was given, whatever became of them.
  public var handedOver: Int
  /// Records that it was not.
  public var dropped: [DropReason: Int]
}

/// What a processor did with its records so far (OpenTelemetry semantic conventions, "SDK metrics").
package struct ProcessorStatistics: Sendable, Equatable {
  /// Records that wait.
  package var queueSize: Int
  /// Records that may wait.
  package var queueCapacity: Int
  /// Records that the exporter was given, whatever became of them.
  package var handedOver: Int
  /// Records that it was not.
  package var dropped: [DropReason: Int]
}

/// What exporters of all signals have in common.
public protocol TelemetryExporter: Sendable {
  /// Hands on what was exported and is still held back.
  func forceFlush(within time: Duration) async -> FlushResult
  /// There will be no more exports; later ones fail.
  func shutdown(within time: Duration) async -> FlushResult
}

extension TelemetryExporter {
  public func forceFlush(within time: Duration) async -> FlushResult { .success }
  public func shutdown(within time: Duration) async -> FlushResult { .success }
}

/// Whether an exporter of the program delivered a batch.
public enum ExportOutcome: Sendable, Equatable {
  case success
  /// The batch is lost.
  case failure
}

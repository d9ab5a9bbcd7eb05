public import OTLP

/// Keeps the metrics it is given, for tests (OpenTelemetry specification, "In-memory").
public final class InMemoryMetricExporter: PushMetricExporter {
  private let items = InMemoryItems<[ScopeMetrics]>()

  public init() {}

  /// One for each export.
  public var batches: [[ScopeMetrics]] { items.all }

  /// The latest of a name; nil when there is none.
  public subscript(name: String) -> MetricRecord? {
    for batch in batches.reversed() {
      for scope in batch {
        if let metric = scope.metrics.first(where: { $0.name == name }) { return metric }
      }
    }
    return nil
  }

  public func removeAll() { items.removeAll() }

  public func export(
    _ metrics: [ScopeMetrics], of resource: ResourceMessage
  ) async -> ExportOutcome { items.add([metrics]) }

  public func shutdown(within time: Duration) async -> FlushResult { items.shutDown() }
}

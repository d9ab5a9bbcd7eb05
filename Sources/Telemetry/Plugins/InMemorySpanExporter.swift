/// Keeps the spans it is given, for tests (OpenTelemetry specification, "In-memory").
public final class InMemorySpanExporter: SpanExporter {
  private let items = InMemoryItems<ReadableSpan>()

  public init() {}

  /// In the order in which they ended.
  public var spans: [ReadableSpan] { items.all }

  public func removeAll() { items.removeAll() }

  public func export(_ spans: [ReadableSpan]) async -> ExportOutcome { items.add(spans) }

  public func shutdown(within time: Duration) async -> FlushResult { items.shutDown() }
}

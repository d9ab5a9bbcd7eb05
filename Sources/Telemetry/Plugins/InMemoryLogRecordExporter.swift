/// Keeps the log records it is given, for tests (OpenTelemetry specification, "In-memory").
public final class InMemoryLogRecordExporter: LogRecordExporter {
  private let items = InMemoryItems<ReadableLogRecord>()

  public init() {}

  /// In the order in which they were made.
  public var records: [ReadableLogRecord] { items.all }

  public func removeAll() { items.removeAll() }

  public func export(_ records: [ReadableLogRecord]) async -> ExportOutcome { items.add(records) }

  public func shutdown(within time: Duration) async -> FlushResult { items.shutDown() }
}

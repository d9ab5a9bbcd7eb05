extension TelemetryConfiguration {
  /// When records that were made one by one are sent together.
  public struct Batching: Sendable, Equatable {
    /// How long a record waits at most before its batch is sealed.
    /// `OTEL_BSP_SCHEDULE_DELAY` default 5,000 ms, `OTEL_BLRP_SCHEDULE_DELAY` default 1,000 ms;
    /// at least 1 ms.
    public var scheduleDelay: Duration
    /// The longest that the export of one batch may take, retries included; `nil` is no limit.
    /// `OTEL_BSP_EXPORT_TIMEOUT`, `OTEL_BLRP_EXPORT_TIMEOUT`, default 30,000 ms, `0` for no limit.
    public var exportTimeout: Duration? = .seconds(30)
    /// How many records may wait; more are dropped and counted.
    /// `OTEL_BSP_MAX_QUEUE_SIZE`, `OTEL_BLRP_MAX_QUEUE_SIZE`, default 2,048, at least 1.
    public var queueRecordsMax = 2_048
    /// How many records one batch holds; never more than ``queueRecordsMax``.
    /// `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`, `OTEL_BLRP_MAX_EXPORT_BATCH_SIZE`, default 512,
    /// at least 1.
    public var batchRecordsMax = 512

    public init(scheduleDelay: Duration) {
      self.scheduleDelay = scheduleDelay
    }

    /// Every record goes by itself and at once (specification, "Simple processor"), for trying
    /// things out: recording still waits for nothing.
    public static let simple: Batching = {
      var batching = Batching(scheduleDelay: .zero)
      batching.batchRecordsMax = 1
      return batching
    }()
  }
}

extension TelemetryConfiguration {
  /// How telemetry that cannot be sent is kept on disk until it can. The specification knows nothing
  /// of it, so its variables are this module's own.
  public struct Spool: Sendable, Equatable {
    /// Where it is kept; `nil` keeps nothing. `OTEL_SWIFT_OTLP_SPOOL_DIRECTORY`, default none.
    public var directory: String?
    /// The largest that all files of a process may be together; what is beyond is dropped and
    /// counted as `spool_full`. `OTEL_SWIFT_OTLP_SPOOL_BYTES_MAX`, default 256 MiB.
    public var bytesMax = 256 << 20
    /// How long a request is kept; what is older is dropped and counted as `expired`.
    /// `OTEL_SWIFT_OTLP_SPOOL_AGE_MAX`, default 86,400,000 ms, a day.
    public var ageMax = Duration.seconds(86_400)
    /// With which a file is full, and the next one is begun; a file is deleted when everything in it
    /// is delivered. `OTEL_SWIFT_OTLP_SPOOL_SEGMENT_BYTES`, default 4 MiB.
    public var segmentBytes = 4 << 20
    /// Bytes of requests of one signal that wait in memory while the receiver answers; what is
    /// beyond goes to disk. `OTEL_SWIFT_OTLP_SPOOL_MEMORY_BYTES_MAX`, default 4 MiB.
    public var memoryBytesMax = 4 << 20
    /// How long a request waits in memory for a receiver that does not answer, before it goes to
    /// disk. `OTEL_SWIFT_OTLP_SPOOL_DELAY`, default 1,000 ms.
    public var memoryDelay = Duration.seconds(1)
    /// Whether each request has reached the disk before the next is written, so that it survives the
    /// machine's death, not only the process's. `OTEL_SWIFT_OTLP_SPOOL_SYNC`, default `false`.
    public var isSynchronized = false
    /// How often it is looked for what dead processes left. No variable, default 30 s.
    public var adoptionInterval = Duration.seconds(30)
    /// How long to leave a disk alone that refused to write. No variable, default 1 s.
    public var refusalPause = Duration.seconds(1)

    public init() {}
  }
}

/// What an exporter did so far (OpenTelemetry semantic conventions, "SDK metrics").
public struct ExporterStatistics: Sendable, Equatable {
  /// How an export ended.
  public struct Outcome: Hashable, Sendable {
    /// `error.type`; nil for success.
    public var errorType: String?
    /// The status of the last answer; nil when there was none.
    public var httpStatus: Int?

    public init(errorType: String? = nil, httpStatus: Int? = nil) {
      self.errorType = errorType
      self.httpStatus = httpStatus
    }
  }

  /// How long exports took, retries included.
  public struct Durations: Sendable, Equatable {
    public var count = 0
    public var sum = Duration.zero
    public var min = Duration.zero
    public var max = Duration.zero

    mutating func add(_ duration: Duration) {
      min = count == 0 ? duration : Swift.min(min, duration)
      max = Swift.max(max, duration)
      sum += duration
      count += 1
    }
  }

  /// Records that are being sent.
  public var inFlight = 0
  /// Records by `error.type`; nil for those that the receiver took.
  public var ended: [String?: Int] = [:]
  public var operations: [Outcome: Durations] = [:]
  /// What waits on disk, of an exporter that keeps there what it cannot send.
  public var spool: SpoolStatistics?

  public init() {}
}

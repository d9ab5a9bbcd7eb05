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

  /// Records that are being sent.
  public var inFlight = 0
  /// Records by `error.type`; nil for those that the receiver took.
  public var ended: [String?: Int] = [:]
  /// What waits on disk, of an exporter that keeps there what it cannot send.
  public var spool: SpoolStatistics?

  public init() {}
}

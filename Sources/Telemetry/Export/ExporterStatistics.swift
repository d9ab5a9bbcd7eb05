/// What an exporter did so far (OpenTelemetry semantic conventions, "SDK metrics").
package struct ExporterStatistics: Sendable, Equatable {
  /// How an export ended.
  package struct Outcome: Hashable, Sendable {
    /// `error.type`; nil for success.
    package var errorType: String?
    /// The status of the last answer; nil when there was none.
    package var httpStatus: Int?

    package init(errorType: String? = nil, httpStatus: Int? = nil) {
      self.errorType = errorType
      self.httpStatus = httpStatus
    }
  }

  /// How long exports took, retries included.
  package struct Durations: Sendable, Equatable {
    package var count = 0
    package var sum = Duration.zero
    package var min = Duration.zero
    package var max = Duration.zero

    mutating func add(_ duration: Duration) {
      min = count == 0 ? duration : Swift.min(min, duration)
      max = Swift.max(max, duration)
      sum += duration
      count += 1
    }
  }

  /// Records that are being sent.
  package var inFlight = 0
  /// Records by `error.type`; nil for those that the receiver took.
  package var ended: [String?: Int] = [:]
  package var operations: [Outcome: Durations] = [:]

  package init() {}
}

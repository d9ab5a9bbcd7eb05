/// What came of handing on what a processor, a reader or an exporter still had.
public enum FlushResult: Sendable, Equatable {
  case success
  case failure
  /// The time was over before it was known.
  case timeout
}

extension FlushResult {
  /// Both in one: a failure, or else a timeout, of either.
  public func and(_ other: FlushResult) -> FlushResult {
    if self == .failure || other == .failure { return .failure }
    return self == .timeout || other == .timeout ? .timeout : .success
  }
}

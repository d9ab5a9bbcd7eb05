/// What all series of one metric stream share.
final class SeriesContext: Sendable {
  /// nil when there are no exemplars.
  let policy: ExemplarPolicy?
  let unixNanoseconds: @Sendable () -> UInt64

  init(policy: ExemplarPolicy?, unixNanoseconds: @escaping @Sendable () -> UInt64) {
    self.policy = policy
    self.unixNanoseconds = unixNanoseconds
  }
}

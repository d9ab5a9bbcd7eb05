import Sockets

/// Whether bytes go, or come, as fast as they have to. Only the time counts that was spent waiting
/// for the peer; how long a handler takes over a piece is not its fault.
struct TransferPace {
  private var byteCount = 0
  private var waitedNanoseconds: Int64 = 0

  mutating func note(byteCount count: Int) { byteCount += count }

  mutating func note(waited time: Duration) { waitedNanoseconds += max(0, time.wholeNanoseconds) }

  /// How much longer may be waited for the next piece; not positive when it is too late.
  /// - Parameters:
  ///   - bytesPerSecondMin: On average over the whole; 0 allows any.
  ///   - grace: How long the peer may fall behind.
  func allowance(bytesPerSecondMin: Int, grace: Duration) -> Duration {
    guard bytesPerSecondMin > 0 else { return .seconds(Int64.max) }
    let (seconds, bytes) = byteCount.quotientAndRemainder(dividingBy: bytesPerSecondMin)
    let earned = Duration.seconds(seconds) + .seconds(1) * bytes / bytesPerSecondMin
    return grace + earned - .nanoseconds(waitedNanoseconds)
  }
}

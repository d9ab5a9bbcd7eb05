/// One second of a load.
package struct LoadProgress: Hashable, Sendable {
  /// Since the start.
  package let seconds: Int
  /// Within the second.
  package let sent: UInt64
  package let failed: UInt64
  package let refused: UInt64
  /// Now.
  package let inFlight: Int
  /// How late the next request is, in milliseconds.
  package let behindMilliseconds: UInt64
  /// Of the second's requests, in microseconds.
  package let median: UInt64
  package let p99: UInt64

  package var text: String {
    "\(Column.right("\(seconds)", 5)) s  \(Column.right("\(sent)", 6))/s  "
      + "failed \(failed)  refused \(refused)  in flight \(inFlight)  "
      + "behind \(behindMilliseconds) ms  "
      + "p50 \(Column.milliseconds(median)) ms  p99 \(Column.milliseconds(p99)) ms"
  }
}

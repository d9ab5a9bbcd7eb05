import Glibc

/// A point in time of CLOCK_MONOTONIC, in nanoseconds. It never jumps with the wall clock.
package struct MonotonicInstant: Hashable, Comparable, Sendable {
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static func now() -> MonotonicInstant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicInstant(
      nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }

  /// Later than every other instant: a deadline that never comes.
  package static let distantFuture = MonotonicInstant(nanoseconds: .max)

  @inlinable package static func < (left: Self, right: Self) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Saturates at both ends; a negative duration goes back.
  package static func + (instant: Self, duration: Duration) -> Self {
    let shift = duration.wholeNanoseconds
    if shift >= 0 {
      let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(UInt64(shift))
      return overflow ? .distantFuture : Self(nanoseconds: sum)
    }
    let (difference, overflow) = instant.nanoseconds.subtractingReportingOverflow(shift.magnitude)
    return Self(nanoseconds: overflow ? 0 : difference)
  }

  /// Adds nanoseconds, saturating: the cheap form for hot paths.
  @inlinable package func advanced(nanoseconds shift: UInt64) -> Self {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(shift)
    return Self(nanoseconds: overflow ? .max : sum)
  }

  /// The time from `earlier` to `self`; negative when `earlier` is later.
  package static func - (later: Self, earlier: Self) -> Duration {
    later >= earlier
      ? .nanoseconds(Int64(clamping: later.nanoseconds - earlier.nanoseconds))
      : .nanoseconds(-Int64(clamping: earlier.nanoseconds - later.nanoseconds))
  }
}

extension Duration {
  /// The duration in nanoseconds, rounded towards zero and saturating at about 292 years.
  package var wholeNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
  }
}

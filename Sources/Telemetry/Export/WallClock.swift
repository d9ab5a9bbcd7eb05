import Glibc

/// The time of day, as OpenTelemetry writes it.
package enum WallClock {
  /// Nanoseconds since 1970-01-01 00:00 UTC (CLOCK_REALTIME).
  package static func unixNanoseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }
}

/// How often each duration was seen, to three significant digits, in constant memory (after
/// Gil Tene's HdrHistogram).
///
/// Microseconds below 2,048 have a bucket each; every doubling beyond has 1,024 buckets, so that
/// none is wider than a thousandth of what it holds. Recording is a shift and an addition.
package struct LatencyHistogram: Hashable, Sendable {
  /// The longest duration that is told from longer ones: an hour.
  package static let microsecondsMax: UInt64 = 3_600_000_000
  private static let halfBits = 10
  private static let half = 1 << halfBits

  private var counts: [UInt64]
  package private(set) var count: UInt64 = 0
  /// The sum of what was recorded, in microseconds.
  private var sum: UInt64 = 0
  /// The longest duration recorded, in microseconds; exact. At most `microsecondsMax`.
  package private(set) var maximum: UInt64 = 0

  package init() { counts = Array(repeating: 0, count: Self.index(of: Self.microsecondsMax) + 1) }

  /// Records a duration; one beyond `microsecondsMax` counts as that.
  package mutating func record(microseconds: UInt64) {
    let value = min(microseconds, Self.microsecondsMax)
    counts[Self.index(of: value)] += 1
    count += 1
    sum &+= value
    maximum = max(maximum, value)
  }

  /// The mean in microseconds; 0 when there is nothing.
  package var mean: Double { count == 0 ? 0 : Double(sum) / Double(count) }

  /// The duration in microseconds that a part of all recorded ones does not exceed: the upper end
  /// of its bucket, and never more than the maximum. 0 when nothing was recorded.
  /// - Parameter part: From 0 to 1; 0.99 is the 99th percentile.
  package func quantile(_ part: Double) -> UInt64 {
    guard count > 0 else { return 0 }
    let rank = min(max((part * Double(count)).rounded(.up), 1), Double(count))
    var seen: UInt64 = 0
    for (index, number) in counts.enumerated() {
      seen += number
      if Double(seen) >= rank { return min(Self.upperEnd(of: index), maximum) }
    }
    return maximum
  }

  /// How many recorded durations are longer than a bound, as far as buckets tell.
  package func count(above microseconds: UInt64) -> UInt64 {
    guard microseconds < Self.microsecondsMax else { return 0 }
    return counts[(Self.index(of: microseconds) + 1)...].reduce(0, +)
  }

  /// Adds what another one recorded.
  package mutating func add(_ other: LatencyHistogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
    sum &+= other.sum
    maximum = max(maximum, other.maximum)
  }

  package mutating func reset() {
    for index in counts.indices { counts[index] = 0 }
    count = 0
    sum = 0
    maximum = 0
  }

  static func index(of value: UInt64) -> Int {
    let bits = UInt64.bitWidth - (value | UInt64(2 * half - 1)).leadingZeroBitCount
    let shift = bits - halfBits - 1
    return shift * half + Int(value >> UInt64(shift))
  }

  /// The largest value of a bucket.
  static func upperEnd(of index: Int) -> UInt64 {
    let shift = max(index / half - 1, 0)
    let position = UInt64(index - shift * half)
    return (position + 1) << UInt64(shift) - 1
  }
}

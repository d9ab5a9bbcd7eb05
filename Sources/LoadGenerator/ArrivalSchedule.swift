import Glibc
import Telemetry

/// When each request is to be sent: decided before anything is sent, and whatever the server does.
package struct ArrivalSchedule: Sendable {
  private let pattern: ArrivalPattern
  private let rate: Double
  /// Nanoseconds; nothing is due later.
  private let end: UInt64
  private var generator: SplitMix64
  private var index = 0
  /// Seconds at which the last one was due.
  private var last = 0.0

  /// - Parameters:
  ///   - rate: Requests per second, on average.
  ///   - duration: Nil goes on for ever.
  package init(pattern: ArrivalPattern, rate: Double, duration: Duration?, seed: UInt64) {
    self.pattern = pattern
    self.rate = rate
    let components = duration?.components
    end =
      components.map {
        UInt64(clamping: $0.seconds) * 1_000_000_000
          + UInt64(clamping: $0.attoseconds / 1_000_000_000)
      } ?? .max
    generator = SplitMix64(seed: seed)
  }

  /// Nanoseconds from the start to the next request; nil when there is none left.
  package mutating func next() -> UInt64? {
    switch pattern {
    case .constant:
      // A product, not a sum: no error grows.
      last = Double(index) / rate
      index += 1
    case .poisson:
      last += -log(generator.unit()) / rate
    }
    let due = (last * 1e9).rounded()
    guard due < Double(end), due < 0x1p63 else { return nil }
    return UInt64(due)
  }
}

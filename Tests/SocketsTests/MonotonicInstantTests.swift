import Sockets
import Testing

@Suite struct MonotonicInstantTests {
  private static func at(_ nanoseconds: UInt64) -> MonotonicInstant {
    MonotonicInstant(nanoseconds: nanoseconds)
  }

  @Test func itGoesForward() {
    let first = MonotonicInstant.now()
    let second = MonotonicInstant.now()
    #expect(first <= second && first.nanoseconds > 0 && second < .distantFuture)
  }

  @Test(arguments: [
    (100, Duration.nanoseconds(5), 105), (100, .nanoseconds(-5), 95), (100, .zero, 100),
    (100, .nanoseconds(-100), 0), (100, .nanoseconds(-101), 0), (0, .seconds(2), 2_000_000_000),
    (.max - 5, .nanoseconds(5), .max), (.max - 5, .nanoseconds(6), .max),
    (5, .seconds(Int64.max), UInt64(Int64.max) + 5), (5, .seconds(Int64.min), 0),
    (.max, .seconds(Int64.max), .max),
  ] as [(UInt64, Duration, UInt64)])
  func additionSaturates(_ start: UInt64, _ duration: Duration, _ expected: UInt64) {
    #expect(Self.at(start) + duration == Self.at(expected))
  }

  @Test(arguments: [
    (0, 0, 0), (5, 3, 2), (3, 5, -2), (.max, 0, Int64.max), (0, .max, -Int64.max),
  ] as [(UInt64, UInt64, Int64)])
  func differences(_ later: UInt64, _ earlier: UInt64, _ expected: Int64) {
    #expect(Self.at(later) - Self.at(earlier) == .nanoseconds(expected))
  }

  @Test func advancing() {
    #expect(Self.at(3).advanced(nanoseconds: 4) == Self.at(7))
    #expect(Self.at(3).advanced(nanoseconds: .max) == .distantFuture)
  }

  @Test(arguments: [
    (Duration.zero, 0), (.nanoseconds(1), 1), (.nanoseconds(-1), -1),
    (.seconds(1) + .nanoseconds(1), 1_000_000_001), (.milliseconds(-1500), -1_500_000_000),
    (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
    (Duration(secondsComponent: 0, attosecondsComponent: -999_999_999), 0),
    (.seconds(9_223_372_036), 9_223_372_036_000_000_000), (.seconds(9_223_372_037), .max),
    (.seconds(-9_223_372_037), .min), (.seconds(Int64.max), .max), (.seconds(Int64.min), .min),
  ] as [(Duration, Int64)])
  func wholeNanoseconds(_ duration: Duration, _ expected: Int64) {
    #expect(duration.wholeNanoseconds == expected)
  }
}

import Telemetry

/// The requests of a load in the order in which they are due: the same ones for the same seed,
/// whatever the servers answer.
struct LoadSource {
  private var schedule: ArrivalSchedule
  private let mix: LoadMix
  private var generator: SplitMix64
  private var upcoming: UInt64?

  init(_ plan: LoadPlan) {
    schedule = ArrivalSchedule(
      pattern: plan.arrivals, rate: plan.rate, duration: plan.duration, seed: plan.seed)
    mix = plan.mix
    // Another sequence than that of the times, which must not depend on the mix.
    generator = SplitMix64(seed: plan.seed &+ 0x5851_F42D_4C95_7F2D)
    upcoming = schedule.next()
  }

  /// When the next one is due; nil when there is none.
  var nextDue: UInt64? { upcoming }

  mutating func next() -> LoadArrival? {
    guard let due = upcoming else { return nil }
    upcoming = schedule.next()
    return LoadArrival(
      due: due, endpoint: mix.choose(&generator), choice: generator.next())
  }

  /// How many are left; nothing is left behind it.
  mutating func drop() -> UInt64 {
    var count: UInt64 = 0
    while upcoming != nil {
      count += 1
      upcoming = schedule.next()
    }
    return count
  }
}

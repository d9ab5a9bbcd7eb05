import Glibc

/// How far apart the samples of a uniform reservoir are (Li, "Reservoir-Sampling Algorithms of Time
/// Complexity O(n(1 + log(N/n)))", Algorithm L): so that most measurements need not be looked at.
struct ReservoirSkips: Sendable {
  private let size: Int
  private var taken = 0
  private var weight = 1.0

  /// - Parameter size: How many samples are kept.
  init(size: Int) { self.size = size }

  /// Takes a sample.
  /// - Returns: The place it is put in, and how many come before the next sample.
  mutating func take(_ random: inout SplitMix64) -> (place: Int, skip: UInt32) {
    let place = taken < size ? taken : Int(random.next() % UInt64(size))
    taken += 1
    guard taken >= size else { return (place, 0) }
    weight *= exp(log(random.unit()) / Double(size))
    let skip = (log(random.unit()) / log1p(-weight)).rounded(.down)
    return (place, skip < Double(UInt32.max) ? UInt32(skip) : .max)
  }

  mutating func reset() {
    taken = 0
    weight = 1
  }
}

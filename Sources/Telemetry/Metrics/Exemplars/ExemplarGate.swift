/// Decides for how many measurements nobody looks whether they may become exemplars, because
/// looking at the context costs more than the measurement itself.
struct ExemplarGate: Sendable, Equatable {
  /// Measurements that still pass unseen.
  private(set) var remaining: UInt32 = 0
  /// Measurements in a row that were looked at in vain.
  private(set) var misses: UInt32 = 0

  /// After so many misses, one more measurement passes unseen with every look.
  static let missesForEachPass: UInt32 = 8
  /// How many pass unseen at most after a look in vain.
  static let passesMax: UInt32 = 15

  /// Counts a measurement.
  /// - Returns: Whether it is one to look at.
  @inline(__always)
  mutating func isOpen() -> Bool {
    if remaining == 0 { return true }
    remaining &-= 1
    return false
  }

  /// A measurement that was looked at had nothing to lead to.
  mutating func missed() {
    misses = min(misses &+ 1, Self.missesForEachPass * Self.passesMax)
    remaining = misses / Self.missesForEachPass
  }

  /// A measurement was taken; the next `skip` ones need not be looked at.
  mutating func took(skip: UInt32) {
    misses = 0
    remaining = skip
  }
}

extension ExemplarGate {
  /// As one word, for an atomic.
  @inline(__always)
  var word: UInt64 { UInt64(misses) << 32 | UInt64(remaining) }

  @inline(__always)
  init(word: UInt64) {
    remaining = UInt32(truncatingIfNeeded: word)
    misses = UInt32(truncatingIfNeeded: word >> 32)
  }
}

import Synchronization

/// The bits of a `Double`.
extension Atomic<UInt64> {
  /// Adds `amount`.
  @inline(__always)
  func add(_ amount: Double) {
    var bits = load(ordering: .relaxed)
    while true {
      let sum = (Double(bitPattern: bits) + amount).bitPattern
      let (isDone, actual) = weakCompareExchange(expected: bits, desired: sum, ordering: .relaxed)
      if isDone { return }
      bits = actual
    }
  }
}

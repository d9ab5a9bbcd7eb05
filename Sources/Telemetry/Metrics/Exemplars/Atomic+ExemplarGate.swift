import Synchronization

/// A gate that is one word. Not one atomic step: two threads at once may lose a count of the other.
extension Atomic<UInt64> {
  @inline(__always)
  func countsToOpen() -> Bool {
    let word = load(ordering: .relaxed)
    // The count is the low half.
    if UInt32(truncatingIfNeeded: word) == 0 { return true }
    store(word &- 1, ordering: .relaxed)
    return false
  }

  func update(_ body: (inout ExemplarGate) -> Void) {
    var gate = ExemplarGate(word: load(ordering: .relaxed))
    body(&gate)
    store(gate.word, ordering: .relaxed)
  }
}

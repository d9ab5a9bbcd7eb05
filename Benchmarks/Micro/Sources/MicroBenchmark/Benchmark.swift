import Glibc

/// One operation that can be repeated.
struct Benchmark {
  /// A batch takes at least this long, so that the clock's grain and its own cost vanish.
  private static let batchNanosecondsMin: Int64 = 100_000_000
  private static let batchCount = 7

  let name: String
  /// Does it so many times.
  let run: (Int) -> Void

  /// Takes the median of several batches, after one that warms up.
  func measure() -> Measurement {
    var operations = 1_000
    while elapsed(operations) < Self.batchNanosecondsMin { operations *= 2 }
    var batches: [Measurement] = []
    for _ in 0..<Self.batchCount {
      let before = Reading()
      run(operations)
      batches.append(Measurement(from: before, to: Reading(), operations: operations))
    }
    return .median(batches)
  }

  private func elapsed(_ operations: Int) -> Int64 {
    let before = Reading()
    run(operations)
    return Reading().wallNanoseconds - before.wallNanoseconds
  }
}

/// Hands a value on to nobody, so that computing it cannot be left out.
@inline(never)
func consume<Value>(_ value: Value) {}

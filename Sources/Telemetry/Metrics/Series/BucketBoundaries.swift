/// The upper bounds of a histogram's buckets, rising and inclusive; a last bucket has no bound.
final class BucketBoundaries: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: written once, before anyone else can see it.
  private let memory: UnsafeMutablePointer<Double>
  private let count: Int
  let values: [Double]

  /// - Parameter values: As `isValid` wants them.
  init(_ values: [Double]) {
    self.values = values
    count = values.count
    memory = .allocate(capacity: max(1, count))
    memory.initialize(repeating: 0, count: max(1, count))
    for (index, value) in values.enumerated() { memory[index] = value }
  }

  deinit { memory.deallocate() }

  /// Whether bounds rise and are finite.
  static func isValid(_ values: [Double]) -> Bool {
    values.allSatisfy(\.isFinite) && zip(values, values.dropFirst()).allSatisfy { $0 < $1 }
  }

  var bucketCount: Int { count + 1 }

  /// The number of bounds below `value`: its bucket.
  @inline(__always)
  func bucket(of value: Double) -> Int {
    var first = 0
    var length = count
    // Halving without a branch that could be mispredicted.
    while length > 0 {
      let half = length >> 1
      let isBelow = memory[first &+ half] < value
      first = isBelow ? first &+ half &+ 1 : first
      length = isBelow ? length &- half &- 1 : half
    }
    return first
  }
}

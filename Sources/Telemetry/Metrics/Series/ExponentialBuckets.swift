import OTLP

/// Counts by bucket index, for a range of indices that is never longer than a given size.
struct ExponentialBuckets: Sendable, Equatable {
  /// Counts by index modulo the size; empty until there is something to count.
  private var counts: [UInt64] = []
  private(set) var first = 0
  private(set) var last = -1
  private let size: Int

  init(size: Int) { self.size = size }

  var isEmpty: Bool { last < first }

  @inline(__always)
  func covers(_ index: Int) -> Bool { index >= first && index <= last }

  /// By how much the scale has to be lowered to make room for `indices` too.
  func excess(including indices: ClosedRange<Int>) -> Int {
    var low = isEmpty ? indices.lowerBound : min(first, indices.lowerBound)
    var high = isEmpty ? indices.upperBound : max(last, indices.upperBound)
    var excess = 0
    while high - low >= size {
      low >>= 1
      high >>= 1
      excess += 1
    }
    return excess
  }

  /// Adds to the count at `index`, for which there must be room.
  @inline(__always)
  mutating func add(_ count: UInt64 = 1, at index: Int) {
    if !covers(index) { widen(to: index) }
    counts[place(index)] &+= count
  }

  /// Makes two buckets out of each 2^`change`.
  mutating func downscale(by change: Int) {
    guard change > 0, !isEmpty else { return }
    var coarse = ExponentialBuckets(size: size)
    for index in first...last {
      let count = counts[place(index)]
      if count > 0 { coarse.add(count, at: index >> change) }
    }
    self = coarse
  }

  /// Adds counts of the same scale, for which there must be room.
  mutating func merge(_ other: ExponentialBuckets) {
    guard !other.isEmpty else { return }
    for index in other.first...other.last {
      let count = other.counts[other.place(index)]
      if count > 0 { add(count, at: index) }
    }
  }

  var message: ExponentialHistogramPoint.Buckets {
    guard !isEmpty else { return .init() }
    return .init(
      offset: Int32(truncatingIfNeeded: first),
      counts: (first...last).map { counts[place($0)] })
  }

  @inline(never)
  private mutating func widen(to index: Int) {
    if counts.isEmpty { counts = Array(repeating: 0, count: size) }
    if isEmpty {
      first = index
      last = index
    } else {
      first = min(first, index)
      last = max(last, index)
    }
    precondition(last - first < size, "the scale was not lowered first")
  }

  @inline(__always)
  private func place(_ index: Int) -> Int {
    let remainder = Int(Int32(truncatingIfNeeded: index) % Int32(truncatingIfNeeded: size))
    return remainder < 0 ? remainder &+ size : remainder
  }
}

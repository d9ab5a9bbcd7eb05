import Glibc
import OTLP
import Testing

@testable import Telemetry

@Suite("Exponential histograms")
struct ExponentialHistogramTests {
  @Test(
    "powers of two are the upper bounds of their buckets",
    arguments: [(1.0, -1), (2.0, 0), (4.0, 1), (0.5, -2), (0.25, -3), (1024.0, 9)])
  func powers(_ value: Double, _ indexAtZero: Int) {
    #expect(ExponentialIndex.index(of: value, scale: 0) == indexAtZero)
    // One more step up, one bucket further.
    #expect(ExponentialIndex.index(of: value.nextUp, scale: 0) == indexAtZero + 1)
    for scale in 1...20 {
      let index = ExponentialIndex.index(of: value, scale: scale)
      #expect(index == (indexAtZero + 1) << scale - 1)
    }
    for scale in -10...(-1) {
      #expect(ExponentialIndex.index(of: value, scale: scale) == indexAtZero >> -scale)
    }
  }

  @Test("a value is above its bucket's lower bound, not above its upper one", arguments: -10...20)
  func bounds(_ scale: Int) {
    var random = SplitMix64(seed: 7)
    for _ in 0..<2_000 {
      let value = exp((random.unit() - 0.5) * 1_400)
      guard value.isNormal else { continue }
      let index = ExponentialIndex.index(of: value, scale: scale)
      // In logarithms, because the bounds themselves may be beyond what a number can be.
      let position = log2(value) * exp2(Double(scale))
      let tolerance = 1e-9 * max(1, abs(position))
      #expect(position > Double(index) - tolerance)
      #expect(position <= Double(index + 1) + tolerance)
    }
  }

  @Test("indices rise with values across powers of two")
  func monotonic() {
    for exponent in -1022...1022 {
      let power = Double(sign: .plus, exponent: exponent, significand: 1)
      for scale in [0, 1, 7, 20] {
        let below = ExponentialIndex.index(of: power.nextDown, scale: scale)
        let at = ExponentialIndex.index(of: power, scale: scale)
        let above = ExponentialIndex.index(of: power.nextUp, scale: scale)
        #expect(below <= at)
        #expect(above == at + 1)
      }
    }
  }

  @Test("what is below normal numbers counts as the least of them")
  func subnormal() {
    for scale in [-10, 0, 20] {
      let least = ExponentialIndex.index(of: .leastNormalMagnitude, scale: scale)
      #expect(ExponentialIndex.index(of: .leastNonzeroMagnitude, scale: scale) == least)
      #expect(ExponentialIndex.index(of: .leastNormalMagnitude / 3, scale: scale) == least)
    }
  }

  private func histogram(_ values: [Double], bucketsMax: Int = 160) -> ExponentialHistogram {
    var histogram = ExponentialHistogram(bucketsMax: bucketsMax, scaleMax: 20)
    for value in values { histogram.record(value) }
    return histogram
  }

  @Test("a single value, however often, has the finest scale")
  func single() {
    let point = histogram([3, 3, 3]).point(recordsMinMax: true)
    #expect(point.scale == 20)
    #expect(point.positive.counts == [3])
    #expect(point.count == 3)
    #expect(point.sum == 9)
    #expect(point.minimum == 3)
    #expect(point.maximum == 3)
    #expect(point.negative.counts.isEmpty)
    #expect(point.zeroCount == 0)
  }

  @Test(
    "the scale is the largest that has room",
    arguments: [
      // The specification's table for 160 buckets.
      (0.001, 0.004, 6), (0.001, 0.02, 5), (0.001, 1, 4), (0.001, 100, 3), (0.000_001, 10, 2),
    ])
  func idealScale(_ low: Double, _ high: Double, _ scale: Int) {
    #expect(histogram([low, high]).scale == scale)
    #expect(histogram([high, low]).scale == scale)
    // One finer would need too many buckets.
    let lowIndex = ExponentialIndex.index(of: low, scale: scale + 1)
    let highIndex = ExponentialIndex.index(of: high, scale: scale + 1)
    #expect(highIndex - lowIndex >= 160)
    let merged = { (a: Double, b: Double) in
      var merged = histogram([a])
      merged.merge(histogram([b]))
      return merged.scale
    }
    #expect(merged(low, high) == scale)
    #expect(merged(high, low) == scale)
  }

  @Test("all numbers there are fit into two buckets")
  func extremes() {
    let values = [
      Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, -.leastNonzeroMagnitude,
      -.greatestFiniteMagnitude, 0,
    ]
    let point = histogram(values, bucketsMax: 2).point(recordsMinMax: true)
    #expect(point.scale == -10)
    #expect(point.positive == .init(offset: -1, counts: [1, 1]))
    #expect(point.negative == .init(offset: -1, counts: [1, 1]))
    #expect(point.zeroCount == 1)
    #expect(point.count == 5)
  }

  @Test("negative values have buckets of their own, and take the sum away")
  func negatives() {
    let point = histogram([-1, -2, 0, 4]).point(recordsMinMax: true)
    #expect(point.sum == nil)
    #expect(point.minimum == -2)
    #expect(point.maximum == 4)
    #expect(point.count == 4)
    #expect(point.negative.counts.reduce(0, +) == 2)
    #expect(point.positive.counts.reduce(0, +) == 1)
    #expect(point.zeroCount == 1)
    let unsigned = histogram([0, 1]).point(recordsMinMax: false)
    #expect(unsigned.sum == 1)
    #expect(unsigned.minimum == nil)
    #expect(unsigned.maximum == nil)
  }

  @Test("however it comes about, the same values make the same histogram", arguments: 1...20)
  func merging(_ seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let spread = Double(seed)
    let values = (0..<300).map { _ -> Double in
      let magnitude = exp((random.unit() - 0.5) * spread)
      switch random.next() % 8 {
      case 0: return -magnitude
      case 1: return 0
      default: return magnitude
      }
    }
    let whole = histogram(values, bucketsMax: 40)
    var merged = histogram([], bucketsMax: 40)
    for part in 0..<5 {
      merged.merge(histogram(stride(from: part, to: 300, by: 5).map { values[$0] }, bucketsMax: 40))
    }
    let (a, b) = (whole.point(recordsMinMax: true), merged.point(recordsMinMax: true))
    #expect(a.scale == b.scale)
    #expect(a.positive == b.positive)
    #expect(a.negative == b.negative)
    #expect(a.zeroCount == b.zeroCount)
    #expect(a.count == 300)
    #expect(b.count == 300)
    #expect(a.positive.counts.count <= 40)
    for value in values where value > 0 {
      let index = ExponentialIndex.index(of: value, scale: whole.scale) - Int(a.positive.offset)
      #expect(a.positive.counts[index] > 0)
    }
  }
}

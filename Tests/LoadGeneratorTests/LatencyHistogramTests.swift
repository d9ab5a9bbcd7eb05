@testable import LoadGenerator
import Telemetry
import Testing

@Suite struct LatencyHistogramTests {
  @Test func bucketsFollowEachOtherWithoutAGap() {
    var last = -1
    for index in 0..<20_000 {
      let end = Int(LatencyHistogram.upperEnd(of: index))
      #expect(end > last)
      #expect(LatencyHistogram.index(of: UInt64(last + 1)) == index)
      #expect(LatencyHistogram.index(of: UInt64(end)) == index)
      // Three significant digits: a bucket is no wider than a thousandth of its values.
      #expect(end - last <= max(1, (last + 1) / 1000))
      last = end
    }
    #expect(LatencyHistogram.upperEnd(of: 2047) == 2047)
    #expect(LatencyHistogram.upperEnd(of: 2048) == 2049)
  }

  @Test(arguments: [1, 7, 1000, 12_345])
  func quantilesAreThoseOfASortedList(_ count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    var histogram = LatencyHistogram()
    var values: [UInt64] = []
    for _ in 0..<count {
      let value = generator.next() >> (32 + generator.next() % 30)
      let kept = min(value, LatencyHistogram.microsecondsMax)
      values.append(kept)
      histogram.record(microseconds: value)
    }
    values.sort()
    for part in [0, 0.001, 0.5, 0.9, 0.99, 0.999, 1] {
      let rank = max(1, Int((part * Double(count)).rounded(.up)))
      let exact = values[rank - 1]
      let found = histogram.quantile(part)
      #expect(found >= exact && found - exact <= exact / 1000, "\(part): \(found), \(exact)")
    }
    #expect(histogram.maximum == values.last)
    #expect(histogram.quantile(1) == values.last)
    let mean = Double(values.reduce(0, +)) / Double(count)
    #expect(abs(histogram.mean - mean) <= mean * 1e-9)
    let bound = values[count / 2]
    let above = UInt64(values.count { $0 > bound + bound / 1000 })
    #expect(histogram.count(above: bound) >= above)
    #expect(histogram.count(above: bound) <= UInt64(values.count { $0 > bound }))
  }

  @Test func nothingRecorded() {
    let histogram = LatencyHistogram()
    #expect(histogram.quantile(0.5) == 0 && histogram.mean == 0 && histogram.maximum == 0)
    #expect(histogram.count(above: 0) == 0)
  }

  @Test func anHourIsTheMost() {
    var histogram = LatencyHistogram()
    histogram.record(microseconds: .max)
    histogram.record(microseconds: LatencyHistogram.microsecondsMax + 1)
    #expect(histogram.maximum == LatencyHistogram.microsecondsMax)
    #expect(histogram.quantile(0.5) == LatencyHistogram.microsecondsMax)
    #expect(histogram.count(above: LatencyHistogram.microsecondsMax) == 0)
    #expect(histogram.count(above: LatencyHistogram.microsecondsMax - 10_000_000) == 2)
  }

  @Test func twoTogetherAreAsOne() {
    var one = LatencyHistogram()
    var other = LatencyHistogram()
    var both = LatencyHistogram()
    for value: UInt64 in [1, 5000, 9_999_999] {
      one.record(microseconds: value)
      both.record(microseconds: value)
    }
    for value: UInt64 in [0, 70_000_000] {
      other.record(microseconds: value)
      both.record(microseconds: value)
    }
    one.add(other)
    #expect(one == both)
    one.reset()
    #expect(one == LatencyHistogram())
  }
}

import OTLP
import Testing

@testable import Telemetry

@Suite("Batches of points")
struct MetricBatchesTests {
  private func metric(_ name: String, _ points: Range<Int>, kind: Int = 0) -> MetricRecord {
    let data: MetricData
    switch kind {
    case 0:
      data = .sum(points.map { number($0) }, .delta, isMonotonic: true)
    case 1: data = .gauge(points.map { number($0) })
    case 2:
      data = .histogram(
        points.map {
          var point = HistogramPoint()
          point.count = UInt64($0)
          return point
        }, .cumulative)
    default:
      data = .exponentialHistogram(
        points.map {
          var point = ExponentialHistogramPoint()
          point.count = UInt64($0)
          return point
        }, .delta)
    }
    return MetricRecord(name: name, description: "d", unit: "u", data: data)
  }

  private func number(_ value: Int) -> NumberPoint {
    NumberPoint(
      attributes: [], startUnixNanoseconds: 1, unixNanoseconds: 2, value: .int(Int64(value)))
  }

  private func scope(_ name: String, _ metrics: [MetricRecord]) -> ScopeMetrics {
    ScopeMetrics(scope: InstrumentationScope(name: name), metrics: metrics)
  }

  @Test("nothing makes no batch")
  func empty() {
    #expect(MetricBatches.split([], pointsMax: 10).isEmpty)
  }

  @Test("as many as fit stay together; one more makes a second batch")
  func edge() {
    let all = [scope("a", [metric("m", 0..<3), metric("n", 0..<2)])]
    #expect(MetricBatches.split(all, pointsMax: 5) == [all])
    #expect(MetricBatches.split(all, pointsMax: 6) == [all])
    #expect(
      MetricBatches.split(all, pointsMax: 4) == [
        [scope("a", [metric("m", 0..<3), metric("n", 0..<1)])],
        [scope("a", [metric("n", 1..<2)])],
      ])
  }

  @Test("a metric goes on in the next batch as itself", arguments: 0...3)
  func kinds(_ kind: Int) {
    let all = [scope("a", [metric("m", 0..<5, kind: kind)])]
    #expect(
      MetricBatches.split(all, pointsMax: 2) == [
        [scope("a", [metric("m", 0..<2, kind: kind)])],
        [scope("a", [metric("m", 2..<4, kind: kind)])],
        [scope("a", [metric("m", 4..<5, kind: kind)])],
      ])
  }

  @Test("scopes stay apart, and batches are full across them")
  func scopes() {
    let all = [scope("a", [metric("m", 0..<3)]), scope("b", [metric("m", 0..<3)])]
    let batches = MetricBatches.split(all, pointsMax: 4)
    #expect(
      batches == [
        [scope("a", [metric("m", 0..<3)]), scope("b", [metric("m", 0..<1)])],
        [scope("b", [metric("m", 1..<3)])],
      ])
    #expect(batches.map(\.pointCount) == [4, 2])
  }
}

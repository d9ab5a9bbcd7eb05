import CoreMetrics
import Foundation
import OTLP
import Synchronization
import Testing

@testable import Telemetry

@Suite("Measuring while metrics are collected", .timeLimit(.minutes(1)))
struct MetricConcurrencyTests {
  /// Runs `body` on threads of its own, `collect` over and over meanwhile and once after.
  private func run(
    threads: Int, _ body: @escaping @Sendable (Int) -> Void, collect: () -> Void
  ) {
    let running = Running(threads)
    for index in 0..<threads {
      Thread.detachNewThread {
        body(index)
        running.done()
      }
    }
    while running.isRunning { collect() }
    collect()
  }

  private final class Running: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    var isRunning: Bool { count.load(ordering: .acquiring) > 0 }
    func done() { count.wrappingSubtract(1, ordering: .acquiringAndReleasing) }
  }

  private static let threads = 6
  private static let rounds = 20_000

  private struct Totals {
    var integer: Int64 = 0
    var fractional = 0.0
    var count: UInt64 = 0
    var sum = 0.0
    var buckets: UInt64 = 0
    var exponential: UInt64 = 0

    mutating func add(_ metrics: [MetricRecord], isDelta: Bool) {
      let before = self
      if !isDelta { self = Totals() }
      for metric in metrics {
        for point in metric.numbers {
          switch point.value {
          case .int(let value): integer += value
          case .double(let value): fractional += value
          }
        }
        for point in metric.histograms {
          #expect(point.count == point.bucketCounts.reduce(0, +), "a point is whole")
          #expect(point.sum == Double(point.count) * 2)
          count += point.count
          sum += point.sum ?? 0
        }
        for point in metric.exponentialHistograms {
          #expect(point.sum == Double(point.count) * 2)
          exponential += point.count
        }
      }
      if !isDelta {
        #expect(integer >= before.integer, "what is cumulative does not fall")
        #expect(count >= before.count)
      }
    }
  }

  @Test(
    "no measurement is lost or counted twice",
    arguments: [
      TelemetryConfiguration.TemporalityPreference.cumulative, .delta,
    ])
  func exact(_ temporality: TelemetryConfiguration.TemporalityPreference) {
    var exponential = MetricView(.init(name: "exponential"))
    exponential.aggregation = .base2ExponentialHistogram()
    let fixture = MetricFixture(
      [.with(temporality, cardinalityMax: 20)], views: [exponential], exemplars: .alwaysOn)
    let meter = fixture.meter
    let counter = meter.counter("counter")
    let fractional = meter.counter("fractional", isInteger: false)
    let histogram = meter.histogram("histogram", boundaries: [1, 3])
    let exponentialHistogram = meter.histogram("exponential")
    let bound = counter.bound([Attribute("bound", true)])
    var totals = Totals()
    run(threads: Self.threads) { thread in
      for round in 0..<Self.rounds {
        // More sets of attributes than the limit, some of them only for a while.
        let attributes = [Attribute("n", .int(Int64(round / 500 % 30)))]
        counter.add(1, attributes)
        bound.record(1 as Int64)
        fractional.add(0.5, attributes)
        histogram.record(2, attributes)
        exponentialHistogram.record(2, attributes)
      }
    } collect: {
      totals.add(fixture.collect(), isDelta: temporality == .delta)
    }
    let measured = Self.threads * Self.rounds
    #expect(totals.integer == Int64(measured) * 2)
    #expect(totals.fractional == Double(measured) / 2)
    #expect(totals.count == UInt64(measured))
    #expect(totals.sum == Double(measured) * 2)
    #expect(totals.exponential == UInt64(measured))
  }

  @Test("series that end while others begin lose nothing")
  func ending() {
    let fixture = MetricFixture(temporality: .delta)
    let factory = TelemetryMetricsFactory(fixture.meter)
    var total = 0.0
    run(threads: 4) { thread in
      for round in 0..<5_000 {
        let counter = Counter(
          label: "m", dimensions: [("n", "\(round % 3)")], factory: factory)
        counter.increment(by: 2)
        counter.destroy()
      }
    } collect: {
      total += fixture.collect().flatMap(\.numbers).reduce(0) { $0 + $1.value.double }
    }
    #expect(total == 40_000)
    #expect(fixture.collect().isEmpty)
  }

  @Test("an up-down counter that many threads move ends where it began")
  func upDown() {
    let fixture = MetricFixture(temporality: .cumulative)
    let meter = Meter(label: "m", factory: TelemetryMetricsFactory(fixture.meter))
    run(threads: 4) { _ in
      for _ in 0..<20_000 {
        meter.increment()
        meter.decrement()
      }
    } collect: {
      _ = fixture.collect()
    }
    #expect(fixture.collectOne()?.numbers.map(\.value) == [.double(0)])
  }
}

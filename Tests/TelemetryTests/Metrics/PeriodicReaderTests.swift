import Foundation
import OTLP
import Sockets
import Synchronization
import Testing

@testable import Telemetry

@Suite("Periodic reader", .timeLimit(.minutes(1)))
struct PeriodicReaderTests {
  private let loop: EventLoop
  private let fixture = MetricFixture()

  init() throws { loop = try EventLoop(name: "test") }

  private func reader(
    _ exporter: RecordingMetricExporter,
    _ change: (inout PeriodicReader.Configuration) -> Void = { $0.interval = .seconds(3_600) }
  ) -> PeriodicReader {
    var configuration = PeriodicReader.Configuration()
    // Callbacks wait for threads that other tests use, too.
    configuration.callbackTimeout = .seconds(60)
    change(&configuration)
    return PeriodicReader(
      provider: fixture.provider, reader: 0, exporter: exporter, configuration: configuration,
      loop: loop)
  }

  private func soon(_ time: Duration = .seconds(50)) -> MonotonicInstant { .now() + time }

  private func values(_ exporter: RecordingMetricExporter) -> [[MetricNumber]] {
    exporter.batches.map { $0.flatMap(\.metrics).flatMap(\.numbers).map(\.value) }
  }

  @Test("it exports at its interval, again and again")
  func interval() async {
    fixture.meter.counter("m").add(1)
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter) { $0.interval = .milliseconds(1) }
    #expect(await exporter.received(3))
    #expect(await reader.shutdown(deadline: soon()))
    let count = exporter.batches.count
    // After the end there is nothing more, also not when asked for.
    #expect(await reader.forceFlush(deadline: soon()))
    #expect(exporter.batches.count == count)
    #expect(exporter.concurrencyMax == 1)
    let times = exporter.batches.compactMap { $0.first?.metrics.first?.numbers.first }
      .map(\.unixNanoseconds)
    #expect(times == times.sorted() && Set(times).count == times.count)
  }

  @Test("nothing to tell is not exported")
  func nothing() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter)
    #expect(await reader.forceFlush(deadline: soon()))
    withExtendedLifetime(reader) {}
    #expect(exporter.batches.isEmpty)
  }

  @Test("a flush exports what was measured before it, also what is observed")
  func flush() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter)
    let gauge = fixture.meter.observableGauge("observed", isInteger: true)
    fixture.meter.addCallback { $0.observe(gauge, 7) }
    let counter = fixture.meter.counter("told")
    counter.add(1)
    #expect(await reader.forceFlush(deadline: soon()))
    counter.add(1)
    #expect(await reader.forceFlush(deadline: soon()))
    #expect(values(exporter) == [[.int(7), .int(1)], [.int(7), .int(2)]])
  }

  @Test("flushes at once share exports, one after the other")
  func concurrentFlushes() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter)
    fixture.meter.counter("m").add(1)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<20 { group.addTask { await reader.forceFlush(deadline: .now() + .seconds(50)) } }
      for await isDone in group { #expect(isDone) }
    }
    #expect(exporter.concurrencyMax == 1)
    #expect((1...20).contains(exporter.batches.count))
  }

  @Test("shutdown exports one last time, once, and whoever comes later waits for it")
  func shutdown() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter)
    fixture.meter.counter("m").add(1)
    async let first = reader.shutdown(deadline: soon())
    async let second = reader.shutdown(deadline: soon())
    #expect(await (first, second) == (true, true))
    #expect(values(exporter) == [[.int(1)]])
  }

  @Test("an exporter that does not come back: flush and shutdown keep their deadlines")
  func stuckExporter() async {
    let gate = Completion()
    let exporter = RecordingMetricExporter(loop: loop, gate: gate)
    let reader = reader(exporter) {
      $0.interval = .seconds(3_600)
      $0.exportTimeout = nil
    }
    fixture.meter.counter("m").add(1)
    #expect(await !reader.forceFlush(deadline: soon(.milliseconds(50))))
    #expect(await !reader.shutdown(deadline: soon(.milliseconds(50))))
    gate.complete()
  }

  @Test("an export takes no longer than it may")
  func exportTimeout() async {
    let exporter = RecordingMetricExporter(loop: loop, gate: Completion())
    let reader = reader(exporter) {
      $0.interval = .seconds(3_600)
      $0.exportTimeout = .milliseconds(20)
    }
    fixture.meter.counter("m").add(1)
    #expect(await !reader.forceFlush(deadline: soon()))
    #expect(reader.statistics.dropped == [.exportTimeout: 1])
  }

  @Test("what was lost is counted, and makes a flush fail")
  func accounting() async {
    let exporter = RecordingMetricExporter(loop: loop) { number, points in
      number == 1
        ? ExportResult(exported: points - 1, dropped: 1, reason: .rejected)
        : ExportResult(exported: points)
    }
    let reader = reader(exporter)
    for index in 0..<3 { fixture.meter.counter("m\(index)").add(1) }
    #expect(await !reader.forceFlush(deadline: soon()))
    #expect(await reader.forceFlush(deadline: soon()))
    let statistics = reader.statistics
    #expect(statistics.ended == 6)
    #expect(statistics.started == 6)
    #expect(statistics.exported == 5)
    #expect(statistics.dropped == [.rejected: 1])
    #expect(statistics.queued == 0)
  }

  @Test("more points than one export takes are exported in order")
  func batches() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter) {
      $0.interval = .seconds(3_600)
      $0.exportPointsMax = 2
    }
    for index in 0..<5 {
      fixture.meter.counter("m").add(index, [Attribute("n", .int(Int64(index)))])
    }
    #expect(await reader.forceFlush(deadline: soon()))
    #expect(values(exporter) == [[.int(0), .int(1)], [.int(2), .int(3)], [.int(4)]])
  }

  /// Lets a callback through when the test says so, on whatever thread it is called.
  private final class Barrier: Sendable {
    private let isOpen = Atomic<Bool>(false)
    let calls = Atomic<Int>(0)

    func open() { isOpen.store(true, ordering: .releasing) }

    func pass() {
      calls.wrappingAdd(1, ordering: .acquiringAndReleasing)
      while !isOpen.load(ordering: .acquiring) { sched_yield() }
    }
  }

  @Test("a callback that does not come back holds up nothing else, and is not called again")
  func stuckCallback() async {
    let exporter = RecordingMetricExporter(loop: loop)
    let reader = reader(exporter) {
      $0.interval = .seconds(3_600)
      $0.callbackTimeout = .milliseconds(10)
    }
    let barrier = Barrier()
    let gauge = fixture.meter.observableGauge("observed", isInteger: true)
    fixture.meter.addCallback { observer in
      barrier.pass()
      observer.observe(gauge, 1)
    }
    fixture.meter.counter("told").add(1)
    for _ in 0..<3 { #expect(await !reader.forceFlush(deadline: soon())) }
    #expect(values(exporter) == [[.int(1)], [.int(1)], [.int(1)]])
    #expect(barrier.calls.load(ordering: .acquiring) == 1)
    barrier.open()
    // From the first round on that finds the stuck one ended, observations are there again.
    var isObserved = false
    while !isObserved { isObserved = await reader.forceFlush(deadline: soon()) }
    #expect(values(exporter).last == [.int(1), .int(1)])
  }
}

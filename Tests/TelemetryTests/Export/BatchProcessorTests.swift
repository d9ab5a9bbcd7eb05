import Dispatch
import Sockets
import Testing

@testable import Telemetry

@Suite("Batch processor", .timeLimit(.minutes(1)))
struct BatchProcessorTests {
  @Test("a full batch goes at once, long before the delay, and the rest waits")
  func fullBatch() async throws {
    let pipeline = try Pipeline(configuration: .with { $0.scheduleDelay = .seconds(3_600) })
    pipeline.add(511)
    #expect(pipeline.transport.requests.isEmpty)
    pipeline.add(1)
    #expect(await pipeline.transport.received(1))
    #expect(try pipeline.requestSizes() == [512])
    pipeline.add(3)
    #expect(await pipeline.flush())
    #expect(try pipeline.requestSizes() == [512, 3])
    #expect(pipeline.isAccounted(for: 515) && pipeline.processor.statistics.exported == 515)
    #expect(await pipeline.shutdown())
  }

  @Test("the delay sends what is there")
  func delay() async throws {
    let pipeline = try Pipeline(configuration: .with { $0.scheduleDelay = .milliseconds(20) })
    let start = MonotonicInstant.now()
    pipeline.add(1)
    #expect(await pipeline.transport.received(1))
    #expect(MonotonicInstant.now() - start >= .milliseconds(20))
    pipeline.add(2)
    #expect(await pipeline.transport.received(2))
    #expect(await pipeline.shutdown())
    #expect(try pipeline.requestSizes() == [1, 2])
  }

  @Test("records of many threads: none lost, no batch too large, exports never concurrent")
  func threads() async throws {
    let pipeline = try Pipeline(configuration: .with { $0.limits.queueRecordsMax = 100_000 })
    DispatchQueue.concurrentPerform(iterations: 4) { _ in pipeline.add(3_000) }
    #expect(await pipeline.flush())
    #expect(pipeline.processor.statistics.exported == 12_000)
    #expect(pipeline.transport.concurrencyMax == 1)
    let sizes = try pipeline.requestSizes()
    #expect(sizes.reduce(0, +) == 12_000)
    #expect(sizes.allSatisfy { $0 <= 512 })
    #expect(await pipeline.shutdown())
  }

  @Test("overload: the queue holds what it may, the rest is counted, nobody waits")
  func overload() async throws {
    let gate = Completion()
    let pipeline = try Pipeline(gate: gate, configuration: .with { $0.scheduleDelay = .seconds(3_600) })
    pipeline.add(512)
    #expect(await pipeline.transport.received(1))
    // One batch is being sent and has left the queue.
    pipeline.add(2_048)
    #expect(pipeline.processor.statistics.dropped == [:])
    pipeline.add(100)
    #expect(pipeline.processor.statistics.dropped == [.queueFull: 100])
    #expect(pipeline.processor.statistics.queued == 2_560)
    #expect(pipeline.isAccounted(for: 2_660))
    gate.complete()
    #expect(await pipeline.flush())
    #expect(pipeline.processor.statistics.exported == 2_560)
    #expect(pipeline.isAccounted(for: 2_660))
    #expect(await pipeline.shutdown())
  }

  @Test("shutdown sends what waits, takes no more, and happens once")
  func shutdown() async throws {
    let pipeline = try Pipeline(configuration: .with { $0.scheduleDelay = .seconds(3_600) })
    pipeline.add(600)
    async let first = pipeline.shutdown()
    async let second = pipeline.shutdown()
    #expect(await first)
    #expect(await second)
    pipeline.add(5)
    #expect(pipeline.processor.statistics.exported == 600)
    #expect(pipeline.processor.statistics.dropped == [.shutdown: 5])
    #expect(pipeline.isAccounted(for: 605))
    #expect(await pipeline.flush())
  }

  @Test("a receiver that accepts and never answers: flush and shutdown keep their deadlines")
  func neverAnswers() async throws {
    var otlp = TelemetryConfiguration.OTLP(signal: .logs)
    otlp.timeout = nil
    // Nothing but the deadlines of flush and shutdown ends the attempt.
    let pipeline = try Pipeline(
      gate: Completion(),
      configuration: .with { configuration in
        configuration.scheduleDelay = .seconds(3_600)
        configuration.exportTimeout = nil
      }, otlp: otlp)
    pipeline.add(700)
    #expect(await pipeline.processor.forceFlush(deadline: .now() + .milliseconds(50)) == false)
    #expect(pipeline.processor.statistics.queued == 700)
    #expect(await pipeline.shutdown(within: .milliseconds(200)) == false)
    // The later call has time to see the end that the first one's deadline brought.
    #expect(await pipeline.shutdown(within: .seconds(30)) == false)
    #expect(pipeline.processor.statistics.queued == 0)
    #expect(pipeline.processor.statistics.dropped == [.shutdown: 700])
    #expect(pipeline.isAccounted(for: 700))
  }

  @Test("a receiver that is not there: the shutdown tries each batch once and does not wait for it")
  func refused() async throws {
    var retry = RetryPolicy()
    retry.initialDelay = .seconds(3_600)
    retry.delayMax = .seconds(3_600)
    let pipeline = try Pipeline(
      configuration: .with { configuration in
        configuration.scheduleDelay = .seconds(3_600)
        configuration.exportTimeout = nil
      }, retry: retry
    ) { _, _ in .failure(.connectionFailed("connection refused")) }
    pipeline.add(600)
    #expect(await pipeline.transport.received(1))
    #expect(await pipeline.shutdown(within: .seconds(30)) == false)
    #expect(pipeline.processor.statistics.dropped == [.shutdown: 600])
    // The batch that was tried before is tried again, unless its failure came after the shutdown.
    #expect([2, 3].contains(pipeline.transport.requests.count))
  }

  @Test("an outage: what is given up is counted, what comes after is delivered")
  func outage() async throws {
    let pipeline = try Pipeline(
      configuration: .with { configuration in
        configuration.scheduleDelay = .seconds(3_600)
        configuration.exportTimeout = .milliseconds(30)
      }
    ) { number, _ in
      number <= 1 ? .failure(.connectionFailed("refused")) : .success(OTLPResponse(status: 200))
    }
    pipeline.add(512)
    #expect(await pipeline.flush() == false)
    #expect(pipeline.processor.statistics.dropped == [.exportTimeout: 512])
    pipeline.add(10)
    #expect(await pipeline.flush())
    #expect(pipeline.processor.statistics.exported == 10)
    #expect(pipeline.isAccounted(for: 522))
    #expect(await pipeline.shutdown())
  }

  @Test("idle: nothing waits, nothing is sent, not even on a flush")
  func idle() async throws {
    let pipeline = try Pipeline()
    #expect(await pipeline.flush())
    #expect(await pipeline.shutdown())
    #expect(pipeline.transport.requests.isEmpty)
  }
}

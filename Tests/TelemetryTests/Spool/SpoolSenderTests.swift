import Foundation
import OTLP
import OTLPOracle
import Sockets
import Synchronization
import Testing

@testable import Telemetry

/// Whether the receiver is there.
private final class Receiver: Sendable {
  private let isUp: Mutex<Bool>
  /// What it says while it is not there.
  private let failure: Result<OTLPResponse, OTLPTransportError>

  init(
    isUp: Bool = true,
    failure: Result<OTLPResponse, OTLPTransportError> = .failure(.connectionFailed("refused"))
  ) {
    self.isUp = Mutex(isUp)
    self.failure = failure
  }

  func set(isUp value: Bool) { isUp.withLock { $0 = value } }

  var answer: Result<OTLPResponse, OTLPTransportError> {
    isUp.withLock { $0 } ? .success(OTLPResponse(status: 200)) : failure
  }
}

@Suite("Spool: delivery", .timeLimit(.minutes(1)))
struct SpoolSenderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func set(
    _ change: (inout TelemetryConfiguration.Spool) -> Void = { _ in }
  ) throws -> SpoolSet {
    var configuration = TelemetryConfiguration.Spool()
    configuration.memoryDelay = .seconds(3_600)
    change(&configuration)
    return try SpoolSet(configuration, directory: folder.path, serviceName: "shop")
  }

  private func pipeline(
    _ set: SpoolSet, _ receiver: Receiver, gate: Completion? = nil,
    retry: RetryPolicy = .immediate
  ) throws -> Pipeline {
    try Pipeline(
      gate: gate, configuration: .with { $0.scheduleDelay = .seconds(3_600) }, retry: retry,
      spool: set
    ) { _, _ in receiver.answer }
  }

  /// The bodies of records that the receiver took, in order.
  private func bodies(_ pipeline: Pipeline) throws -> [String] {
    try pipeline.transport.requests.flatMap { request in
      try request.decoded()["resource_logs"][0]["scope_logs"].list.flatMap { scope in
        scope["log_records"].list.map { $0["body"]["string_value"].string ?? "" }
      }
    }
  }

  private func isAccounted(_ pipeline: Pipeline, _ count: Int) -> Bool {
    let statistics = pipeline.processor.statistics
    return statistics.exported + statistics.droppedTotal + statistics.queued == count
  }

  private func files() -> [String] {
    (FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? [])
      .filter { $0.hasSuffix(".spool") }
  }

  /// Waits until `condition` holds, which something else has to bring about.
  private func reach(_ condition: () -> Bool) async { while !condition() { await Task.yield() } }

  /// A policy that tries again only when it is asked to.
  private static let never: RetryPolicy = {
    var policy = RetryPolicy()
    policy.initialDelay = .seconds(3_600)
    policy.delayMax = .seconds(3_600)
    return policy
  }()

  @Test("while the receiver answers, nothing touches the disk")
  func healthy() async throws {
    let set = try set()
    let pipeline = try pipeline(set, Receiver())
    pipeline.add(1_000)
    #expect(await pipeline.flush())
    #expect(pipeline.processor.statistics.exported == 1_000 && isAccounted(pipeline, 1_000))
    #expect(pipeline.exporter.statistics.spool?.storedRecords == 0 && files() == [])
    #expect(await pipeline.shutdown())
    await set.close()
  }

  @Test("an outage: everything waits on disk, and comes in order when the receiver is back")
  func outage() async throws {
    let set = try set()
    let receiver = Receiver(isUp: false)
    let pipeline = try pipeline(set, receiver, retry: Self.never)
    for _ in 0..<5 {
      pipeline.add(512)
      await reach { pipeline.processor.queue.waitingCount == 0 }
    }
    await reach { pipeline.exporter.statistics.spool?.waitingRecords == 2_560 }
    #expect(isAccounted(pipeline, 2_560) && pipeline.processor.statistics.queued == 2_560)
    #expect(await pipeline.flush() == false, "the receiver is not there")
    #expect(files().count == 1)
    receiver.set(isUp: true)
    let before = pipeline.transport.requests.count
    pipeline.add(1)
    #expect(await pipeline.flush())
    let sizes = try pipeline.requestSizes()
    #expect(Array(sizes.dropFirst(before)) == [512, 512, 512, 512, 512, 1])
    #expect(pipeline.processor.statistics.exported == 2_561 && isAccounted(pipeline, 2_561))
    #expect(files() == [] && pipeline.transport.concurrencyMax == 1)
    #expect(pipeline.lines.all.count == 2, "cannot be reached, can be reached again")
    pipeline.add(3)
    #expect(await pipeline.flush())
    #expect(pipeline.exporter.statistics.spool?.storedRecords == 2_561)
    #expect(await pipeline.shutdown())
    await set.close()
  }

  @Test("back-off ends by itself: nobody has to ask")
  func drains() async throws {
    let set = try set()
    let receiver = Receiver(isUp: false, failure: .success(OTLPResponse(status: 503)))
    let pipeline = try pipeline(set, receiver)
    pipeline.add(512)
    await reach { pipeline.transport.requests.count > 3 }
    #expect(pipeline.processor.statistics.queued == 512)
    receiver.set(isUp: true)
    await reach { pipeline.processor.statistics.exported == 512 }
    #expect(isAccounted(pipeline, 512))
    #expect(await pipeline.shutdown())
    await set.close()
  }

  @Test("a receiver that never answers holds up neither the queue nor the disk")
  func silence() async throws {
    let set = try set { $0.memoryDelay = .zero }
    let gate = Completion()
    let pipeline = try pipeline(set, Receiver(), gate: gate)
    for _ in 0..<10 {
      pipeline.add(1_500)
      await reach { pipeline.processor.queue.waitingCount < 512 }
    }
    #expect(pipeline.processor.statistics.dropped == [:] && pipeline.transport.requests.count == 1)
    await reach { pipeline.exporter.statistics.spool?.waitingRecords ?? 0 > 10_000 }
    gate.complete()
    #expect(await pipeline.flush())
    #expect(pipeline.processor.statistics.exported == 15_000 && isAccounted(pipeline, 15_000))
    #expect(await pipeline.shutdown())
    await set.close()
  }

  @Test("a process that ends during an outage leaves everything to the next one")
  func restart() async throws {
    let receiver = Receiver(isUp: false)
    let first = try set()
    let dead = try pipeline(first, receiver, retry: Self.never)
    dead.add(700)
    #expect(await dead.shutdown())
    #expect(dead.processor.statistics.dropped == [:] && dead.processor.statistics.queued == 700)
    await first.close()
    #expect(!files().isEmpty)

    receiver.set(isUp: true)
    let second = try set()
    let pipeline = try pipeline(second, receiver)
    await reach { pipeline.exporter.statistics.spool?.recovered.exported == 700 }
    #expect(try bodies(pipeline) == (0..<700).map { "record \($0)" })
    #expect(pipeline.exporter.statistics.spool?.recovered.pending == 0)
    // What another process made is none of this one's account.
    #expect(pipeline.processor.statistics.exported == 0 && isAccounted(pipeline, 0))
    pipeline.add(1)
    #expect(await pipeline.flush())
    #expect(await pipeline.shutdown())
    await second.close()
    #expect(files() == [] && SpoolFile.names(in: folder.path + "/shop") == [])
  }

  @Test("what does not fit is lost, and counted exactly")
  func full() async throws {
    let set = try set {
      $0.bytesMax = 65_536
      $0.memoryBytesMax = 0
    }
    let receiver = Receiver(isUp: false)
    let pipeline = try pipeline(set, receiver, retry: Self.never)
    for _ in 0..<20 {
      pipeline.add(512)
      await reach { pipeline.processor.queue.waitingCount == 0 }
    }
    await reach { pipeline.processor.statistics.droppedTotal > 0 }
    await reach { isAccounted(pipeline, 10_240) }
    receiver.set(isUp: true)
    _ = await pipeline.flush()
    await reach { pipeline.processor.statistics.queued == 0 }
    let statistics = pipeline.processor.statistics
    #expect(Array(statistics.dropped.keys) == [.spoolFull])
    #expect(statistics.exported > 0 && statistics.exported + statistics.droppedTotal == 10_240)
    #expect(try Set(bodies(pipeline)).count <= statistics.exported)
    _ = await pipeline.shutdown()
    await set.close()
  }

  @Test("what a receiver refuses for good is lost, and does not hold up the rest")
  func refused() async throws {
    let set = try set()
    let answers = Mutex([503, 400, 200])
    let pipeline = try Pipeline(
      configuration: .with { $0.scheduleDelay = .seconds(3_600) }, retry: .immediate, spool: set
    ) { _, _ in
      .success(OTLPResponse(status: answers.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }))
    }
    pipeline.add(512)
    pipeline.add(512)
    await reach { pipeline.processor.statistics.exported == 512 }
    #expect(pipeline.processor.statistics.dropped == [.exportFailed: 512])
    #expect(isAccounted(pipeline, 1_024) && pipeline.exporter.statistics.inFlight == 0)
    _ = await pipeline.shutdown()
    await set.close()
  }

  @Test("an end within its deadline: what hangs at the receiver goes to disk")
  func deadline() async throws {
    let set = try set()
    let pipeline = try pipeline(set, Receiver(), gate: Completion())
    pipeline.add(600)
    #expect(await pipeline.transport.received(1))
    let start = MonotonicInstant.now()
    #expect(await pipeline.shutdown(within: .milliseconds(400)))
    #expect(MonotonicInstant.now() - start < .seconds(10))
    #expect(pipeline.exporter.statistics.spool?.waitingRecords == 600)
    #expect(isAccounted(pipeline, 600) && pipeline.processor.statistics.dropped == [:])
    pipeline.add(1)
    #expect(pipeline.processor.statistics.dropped == [.shutdown: 1])
    await set.close()
  }
}

import Dispatch
import Logging
import OTLP
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("Log pipeline", .timeLimit(.minutes(1)))
struct LogPipelineTests {
  @Test("what was logged before the bootstrap is delivered then, in order, with its ids and times")
  func early() async throws {
    let fixture = try LogFixture(connected: false)
    for number in 0..<3 {
      fixture.logger(at: 1_000_000_000 * UInt64(number)).info("early \(number)")
    }
    #expect(await fixture.lines() == [])
    fixture.connect()
    fixture.logger().info("late")
    let lines = try await fixture.objects()
    #expect(lines.map { $0["message"].string } == ["early 0", "early 1", "early 2", "late"])
    #expect(lines[2]["timestamp"].string == "1970-01-01T00:00:02.000000Z")
    let records = try fixture.records()
    #expect(records.map { $0.record["body"]["string_value"].string } == lines.map {
      $0["message"].string
    })
    #expect(fixture.pipeline.emittedCount == 4 && fixture.pipeline.earlyDroppedCount == 0)
  }

  @Test("so many are kept, and those beyond are counted")
  func earlyLimit() async throws {
    let fixture = try LogFixture(connected: false, earlyRecordsMax: 2)
    for number in 0..<5 { fixture.logger().info("\(number)") }
    fixture.connect()
    #expect(try await fixture.objects().map { $0["message"].string } == ["0", "1"])
    #expect(fixture.pipeline.emittedCount == 5 && fixture.pipeline.earlyDroppedCount == 3)
  }

  @Test("only the first connection counts")
  func connectTwice() async throws {
    let fixture = try LogFixture()
    let other = try OutputPipe()
    fixture.pipeline.connect(
      LogPipeline.Destinations(
        output: try StandardOutput(descriptor: other.writeEnd), queues: []))
    fixture.logger().info("m")
    #expect(await fixture.lines().count == 1 && other.written() == "")
  }

  @Test("threads that log while it is connected: nothing is lost, nothing comes twice")
  func threads() async throws {
    let fixture = try LogFixture(connected: false, earlyRecordsMax: 10_000)
    let logger = fixture.logger()
    DispatchQueue.concurrentPerform(iterations: 5) { thread in
      if thread == 4 { return fixture.connect() }
      for number in 0..<100 { logger.info("\(thread).\(number)") }
    }
    let messages = try await fixture.objects().compactMap { $0["message"].string }
    #expect(messages.count == 400 && Set(messages).count == 400)
    #expect(fixture.pipeline.emittedCount == 400)
    let bodies = try fixture.records().compactMap { $0.record["body"]["string_value"].string }
    #expect(Set(bodies) == Set(messages) && bodies.count == 400)
  }

  @Test("without standard output, and without OTLP, the other is served")
  func oneDestination() async throws {
    let fixture = try LogFixture(connected: false)
    fixture.pipeline.connect(LogPipeline.Destinations(output: nil, queues: [fixture.queue]))
    fixture.logger().info("m")
    #expect(await fixture.lines().isEmpty)
    #expect(try fixture.records().count == 1)
    let other = try LogFixture(connected: false)
    other.pipeline.connect(LogPipeline.Destinations(output: other.output, queues: []))
    other.logger().info("m")
    #expect(await other.lines().count == 1 && other.queue.waitingCount == 0)
  }
}

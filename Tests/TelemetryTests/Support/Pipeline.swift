import OTLP
import OTLPOracle
import Sockets

@testable import Telemetry

/// A batch processor of log records that sends to a transport of this process.
struct Pipeline {
  let loop: EventLoop
  let transport: RecordingTransport
  let processor: BatchProcessor
  let lines = DiagnosticLines()
  let health: ReceiverHealth
  let exporter: OTLPExporter

  init(
    gate: Completion? = nil,
    configuration: BatchProcessor.Configuration = BatchProcessor.Configuration(),
    retry: RetryPolicy = RetryPolicy(), otlp: TelemetryConfiguration.OTLP = .init(signal: .logs),
    spool: SpoolSet? = nil,
    answer: @escaping RecordingTransport.Answer = { _, _ in .success(OTLPResponse(status: 200)) }
  ) throws {
    loop = try EventLoop(name: "test")
    transport = RecordingTransport(loop: loop, gate: gate, answer: answer)
    var exporting = OTLPExporter.Configuration(
      signal: .logs, otlp: otlp,
      resource: ResourceMessage(attributes: [Attribute("service.name", "test")]))
    exporting.retry = retry
    exporting.random = { 0.5 }
    health = ReceiverHealth(address: otlp.endpoint.address, log: lines.log)
    let loop = loop
    exporter = OTLPExporter(
      configuration: exporting, scopes: ScopeTable(), transport: transport, health: health,
      log: lines.log, spool: spool.map { (set: $0, loop: loop) })
    processor = BatchProcessor(configuration: configuration, exporter: exporter, loop: loop)
  }

  func add(_ count: Int) {
    for number in 0..<count { processor.queue.append(smallRecord(number)) }
  }

  /// How many records each request had.
  func requestSizes() throws -> [Int] {
    try transport.requests.map { request in
      try request.decoded()["resource_logs"][0]["scope_logs"].list
        .reduce(0) { $0 + $1["log_records"].list.count }
    }
  }

  func flush() async -> Bool {
    await processor.forceFlush(deadline: .now() + .seconds(10))
  }

  func shutdown(within time: Duration = .seconds(10)) async -> Bool {
    await processor.shutdown(deadline: .now() + time)
  }

  /// Whether every record is somewhere.
  func isAccounted(for count: Int) -> Bool {
    let statistics = processor.statistics
    return statistics.exported + statistics.droppedTotal + statistics.queued == count
  }
}

extension RetryPolicy {
  /// Without waiting.
  static let immediate: RetryPolicy = {
    var policy = RetryPolicy()
    policy.initialDelay = .zero
    policy.delayMax = .zero
    return policy
  }()
}

extension BatchProcessor.Configuration {
  /// The defaults, changed.
  static func with(_ change: (inout BatchProcessor.Configuration) -> Void) -> Self {
    var configuration = BatchProcessor.Configuration()
    change(&configuration)
    return configuration
  }
}

import Bytes
import Logging
import OTLP
import OTLPOracle
import Sockets

@testable import Telemetry

/// A log pipeline whose lines and records can be looked at.
struct LogFixture {
  let pipe: OutputPipe
  let output: StandardOutput
  let queue: RecordQueue
  let pipeline: LogPipeline
  let loop: EventLoop

  init(connected: Bool = true, earlyRecordsMax: Int = 1_024) throws {
    pipe = try OutputPipe()
    output = try StandardOutput(descriptor: pipe.writeEnd)
    queue = RecordQueue(limits: RecordQueue.Limits(), drops: DropCounters()) {}
    pipeline = LogPipeline(earlyRecordsMax: earlyRecordsMax)
    loop = try EventLoop(name: "test")
    if connected { connect() }
  }

  func connect(format: any LogLineFormat = JSONLogLineFormat()) {
    pipeline.connect(LogPipeline.Destinations(output: output, format: format, queues: [queue]))
  }

  func logger(
    _ label: String = "test", limits: TelemetryConfiguration.LogRecordLimits = .init(),
    provider: Logger.MetadataProvider? = nil, at unixNanoseconds: UInt64 = 1_764_000_000_123_456_789
  ) -> Logger {
    Logger(label: label) { label in
      TelemetryLogHandler(
        label: label, pipeline: pipeline, logLevel: .trace, metadataProvider: provider,
        limits: limits, unixNanoseconds: { unixNanoseconds })
    }
  }

  /// The lines that were written.
  func lines() async -> [Substring] {
    _ = await output.drain(until: .now() + .seconds(30), on: loop)
    return pipe.written().split(separator: "\n")
  }

  /// The lines as JSON.
  func objects() async throws -> [JSONValue] {
    try await lines().map { try JSONValue(parsing: String($0)) }
  }

  /// The records for OTLP with their scope's name, as the official definitions read them.
  func records() throws -> [(scope: String, record: JSONValue)] {
    let segments = queue.takeAll().flatMap(\.segments)
    let groups = segments.map { segment in
      ExportRequestEnvelope.Group(
        scope: pipeline.scopes.encodedScope(at: segment.scope), recordBytes: segment.bytes.count)
    }
    var bytes = ByteQueue()
    ExportRequestEnvelope(resource: ResourceMessage(attributes: [])).append(
      to: &bytes, groups: groups
    ) { index, bytes in bytes.append(segments[index].bytes) }
    let request = try OTLPOracle.decode("ExportLogsServiceRequest", bytes.array())
    return request["resource_logs"][0]["scope_logs"].list.flatMap { scope in
      scope["log_records"].list.map { (scope["scope"]["name"].string ?? "", $0) }
    }
  }
}

import Bytes
import OTLP
import OTLPOracle
import Sockets
import Testing

@testable import Telemetry

@Suite("OTLP exporter", .timeLimit(.minutes(1)))
struct OTLPExporterTests {
  private func flushed(_ pipeline: Pipeline, count: Int = 10) async -> PipelineStatistics {
    pipeline.add(count)
    _ = await pipeline.flush()
    let statistics = pipeline.processor.statistics
    _ = await pipeline.shutdown()
    return statistics
  }

  @Test("a request: endpoint, type, header fields, resource, records")
  func request() async throws {
    var otlp = TelemetryConfiguration.OTLP(signal: .logs)
    otlp.headers = [TelemetryConfiguration.HeaderField(name: "api-key", value: "x")]
    let pipeline = try Pipeline(otlp: otlp)
    _ = await flushed(pipeline)
    let request = try #require(pipeline.transport.requests.first)
    #expect(request.endpoint == otlp.endpoint)
    #expect(request.contentType == "application/x-protobuf")
    #expect(request.contentEncoding == nil)
    #expect(request.headers == otlp.headers)
    let resource = try request.decoded()["resource_logs"]
    #expect(resource.list.count == 1)
    let name = resource[0]["resource"]["attributes"].attribute("service.name")
    #expect(name["string_value"].string == "test")
    #expect(resource[0]["scope_logs"].list.count == 1)
    let bodies = resource[0]["scope_logs"][0]["log_records"].list.map {
      $0["body"]["string_value"].string
    }
    #expect(bodies == (0..<10).map { "record \($0)" })
  }

  @Test("what may pass is tried again until it does", arguments: [429, 502, 503, 504])
  func retriedStatus(status: Int) async throws {
    let pipeline = try Pipeline(retry: .immediate) { number, _ in
      .success(OTLPResponse(status: number < 3 ? status : 200))
    }
    #expect(await flushed(pipeline).exported == 10)
    #expect(pipeline.transport.requests.count == 3)
    #expect(Set(pipeline.transport.requests.map(\.body)).count == 1)
  }

  @Test(
    "no answer is tried again",
    arguments: [
      .connectionFailed("refused"), .connectionClosed, .timedOut,
    ] as [OTLPTransportError])
  func retriedFailure(error: OTLPTransportError) async throws {
    let pipeline = try Pipeline(retry: .immediate) { number, _ in
      number < 3 ? .failure(error) : .success(OTLPResponse(status: 200))
    }
    #expect(await flushed(pipeline).exported == 10)
    #expect(pipeline.transport.requests.count == 3)
  }

  @Test("every other status is final", arguments: [400, 401, 404, 408, 413, 500, 501, 307])
  func finalStatus(status: Int) async throws {
    let pipeline = try Pipeline(retry: .immediate) { _, _ in
      .success(OTLPResponse(status: status, body: [0x08, 0x03, 0x12, 0x02, 0x68, 0x69]))
    }
    let statistics = await flushed(pipeline)
    #expect(statistics.dropped == [.exportFailed: 10] && statistics.exported == 0)
    #expect(pipeline.transport.requests.count == 1)
    #expect(
      pipeline.lines.all == [
        "telemetry: http://localhost:4318/v1/logs refused 10 log records (HTTP \(status): hi); "
          + "they are lost"
      ])
  }

  @Test("an answer that is none is final")
  func invalidResponse() async throws {
    let pipeline = try Pipeline(retry: .immediate) { _, _ in
      .failure(.invalidResponse("response larger than 4194304 bytes"))
    }
    #expect(await flushed(pipeline).dropped == [.exportFailed: 10])
    #expect(pipeline.transport.requests.count == 1)
  }

  @Test("partial success: counted, told, never repeated")
  func partialSuccess() async throws {
    let json = #"{"partialSuccess":{"rejectedLogRecords":"4","errorMessage":"too old"}}"#
    let body = try OTLPOracle.encode("ExportLogsServiceResponse", json: json)
    let pipeline = try Pipeline(retry: .immediate) { _, _ in
      .success(OTLPResponse(status: 200, body: body))
    }
    let statistics = await flushed(pipeline)
    #expect(statistics.exported == 6 && statistics.dropped == [.rejected: 4])
    #expect(pipeline.transport.requests.count == 1)
    #expect(
      pipeline.lines.all == [
        "telemetry: http://localhost:4318/v1/logs rejected 4 of 10 log records: too old"
      ])
  }

  @Test(
    "bodies of success that say nothing, or more than there was",
    arguments: [
      ([], 10), ([0x0A, 0x00], 10), ([0xFF], 10), ([0x0A, 0x02, 0x08, 0x63], 0),
    ] as [([UInt8], Int)])
  func successBodies(body: [UInt8], exported: Int) async throws {
    let pipeline = try Pipeline { _, _ in .success(OTLPResponse(status: 200, body: body)) }
    let statistics = await flushed(pipeline)
    #expect(statistics.exported == exported)
    #expect(statistics.exported + statistics.droppedTotal == 10)
  }

  @Test("Retry-After is waited for, by the next batch too")
  func retryAfter() async throws {
    let pipeline = try Pipeline(
      configuration: .with { $0.exportTimeout = .milliseconds(200) }
    ) { _, _ in .success(OTLPResponse(status: 503, retryAfter: "60")) }
    pipeline.add(10)
    #expect(await pipeline.flush() == false)
    #expect(pipeline.processor.statistics.dropped == [.exportTimeout: 10])
    #expect(pipeline.transport.requests.count == 1)
    pipeline.add(10)
    #expect(await pipeline.flush() == false)
    #expect(pipeline.processor.statistics.dropped == [.exportTimeout: 20])
    // Nobody waits for these: they stay in the queue for as long as the pause lasts.
    pipeline.add(600)
    for _ in 0..<100 { await Task(executorPreference: pipeline.loop) { await Task.yield() }.value }
    #expect(pipeline.processor.queue.waitingCount == 600)
    _ = await pipeline.shutdown()
    #expect(pipeline.processor.statistics.dropped == [.exportTimeout: 20, .shutdown: 600])
    #expect(pipeline.transport.requests.count == 1 && pipeline.isAccounted(for: 620))
  }

  @Test("a receiver that asked for one second is asked again after that second")
  func retryAfterPasses() async throws {
    let pipeline = try Pipeline { number, _ in
      .success(OTLPResponse(status: number == 1 ? 429 : 200, retryAfter: "1"))
    }
    let start = MonotonicInstant.now()
    #expect(await flushed(pipeline).exported == 10)
    #expect(MonotonicInstant.now() - start >= .seconds(1))
  }

  @Test(
    "a batch too large for one request goes in parts, in order; a record too large for one is dropped",
    arguments: [.httpProtobuf, .httpJSON] as [TelemetryConfiguration.OTLPProtocol])
  func requestSize(transport: TelemetryConfiguration.OTLPProtocol) async throws {
    var otlp = TelemetryConfiguration.OTLP(signal: .logs)
    otlp.transport = transport
    let whole = try Pipeline(otlp: otlp)
    _ = await flushed(whole)
    let bytes = try #require(whole.transport.requests.first).body.count
    #expect(whole.transport.requests.count == 1)

    otlp.requestBytesMax = bytes
    let fits = try Pipeline(otlp: otlp)
    #expect(await flushed(fits).exported == 10)
    #expect(fits.transport.requests.count == 1)

    otlp.requestBytesMax = bytes - 1
    let parts = try Pipeline(otlp: otlp)
    #expect(await flushed(parts).exported == 10)
    #expect(try parts.requestSizes() == [5, 5])
    let bodies = try parts.transport.requests.flatMap { request in
      try request.decoded()["resource_logs"][0]["scope_logs"][0]["log_records"].list.map {
        $0["body"]["string_value"].string
      }
    }
    #expect(bodies == (0..<10).map { "record \($0)" })

    otlp.requestBytesMax = 20
    let none = try Pipeline(otlp: otlp)
    #expect(await flushed(none).dropped == [.exportFailed: 10])
    #expect(none.transport.requests.isEmpty)
    #expect(none.lines.all.count == 1)
  }

  @Test("an odd number of records of several scopes is halved where a segment is cut")
  func halves() throws {
    let queue = RecordQueue(limits: RecordQueue.Limits(), drops: DropCounters()) {}
    for number in 0..<7 { queue.append(smallRecord(number), scope: number < 2 ? 0 : 1) }
    let batch = try #require(queue.takeAll().first)
    let (first, second) = try #require(batch.halves())
    #expect(first.recordCount == 4 && second.recordCount == 3)
    #expect(first.segments.map(\.scope) == [0, 1] && second.segments.map(\.scope) == [1])
    #expect(first.segments.map(\.recordCount) == [2, 2])
    #expect(first.byteCount + second.byteCount == batch.byteCount)
    let bytes = (first.segments + second.segments).map { $0.bytes.array() }
    #expect(Array(bytes.joined()) == Array(batch.segments.map { $0.bytes.array() }.joined()))
    #expect(try #require(second.halves()).1.halves() == nil)
  }

  @Test("OTLP/JSON: the same records, and answers in JSON are understood")
  func json() async throws {
    var otlp = TelemetryConfiguration.OTLP(signal: .logs)
    otlp.transport = .httpJSON
    let answer = #"{"partialSuccess":{"rejectedLogRecords":"4","errorMessage":"too old"}}"#
    let pipeline = try Pipeline(otlp: otlp) { _, _ in
      .success(
        OTLPResponse(
          status: 200, contentType: "Application/JSON; charset=utf-8", body: Array(answer.utf8)))
    }
    let statistics = await flushed(pipeline)
    #expect(statistics.exported == 6 && statistics.dropped == [.rejected: 4])
    #expect(pipeline.lines.all.first?.hasSuffix("rejected 4 of 10 log records: too old") == true)
    #expect(pipeline.transport.requests.map(\.contentType) == ["application/json"])
    #expect(try pipeline.requestSizes() == [10])
  }

  @Test("an error's message in JSON is told")
  func jsonError() async throws {
    let pipeline = try Pipeline { _, _ in
      .success(
        OTLPResponse(
          status: 400, contentType: "application/json",
          body: Array(#"{"code":3,"message":"no"}"#.utf8)))
    }
    #expect(await flushed(pipeline).dropped == [.exportFailed: 10])
    #expect(pipeline.lines.all.first?.contains("(HTTP 400: no)") == true)
  }

  @Test("gzip: the body is what the compressor made, and says so")
  func compression() async throws {
    let loop = try EventLoop(name: "test")
    let transport = RecordingTransport(loop: loop)
    var configuration = OTLPExporter.Configuration(
      signal: .traces, otlp: .init(signal: .traces), resource: ResourceMessage(attributes: []))
    configuration.compress = { Array($0.reversed()) }
    let lines = DiagnosticLines()
    let exporter = OTLPExporter(
      configuration: configuration, scopes: ScopeTable(), transport: transport,
      health: ReceiverHealth(address: "x", log: lines.log), log: lines.log)
    let result = await loop.run {
      await exporter.export(
        body: [1, 2, 3], recordCount: 1, deadline: .now() + .seconds(5),
        control: ExportControl(loop: loop))
    }
    #expect(result == ExportResult(exported: 1))
    #expect(transport.requests.map(\.body) == [[3, 2, 1]])
    #expect(transport.requests.map(\.contentEncoding) == ["gzip"])
  }

  @Test("no receiver: one line, then quiet, and one line when it is there, with what was lost")
  func oneLine() async throws {
    let pipeline = try Pipeline(
      configuration: .with { configuration in
        configuration.scheduleDelay = .seconds(3_600)
        configuration.exportTimeout = .milliseconds(20)
      }
    ) { number, _ in
      number <= 3
        ? .failure(.connectionFailed("connection refused")) : .success(OTLPResponse(status: 200))
    }
    let processor = pipeline.processor
    pipeline.health.add(records: "log records") { processor.droppedTotal }
    for _ in 0..<5 {
      pipeline.add(7)
      _ = await pipeline.flush()
    }
    _ = await pipeline.shutdown()
    #expect(
      pipeline.lines.all == [
        "telemetry: cannot reach http://localhost:4318 (connection refused); "
          + "will keep trying quietly",
        "telemetry: http://localhost:4318 can be reached again; lost 21 log records",
      ])
  }
}

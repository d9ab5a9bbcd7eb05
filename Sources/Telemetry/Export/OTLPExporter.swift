import Bytes
package import OTLP
package import Sockets
import Synchronization

/// Sends one signal's batches to an OTLP receiver, with retries.
///
/// It belongs to one processor, which never exports twice at a time.
package final class OTLPExporter: BatchExporter {
  package struct Configuration: Sendable {
    package let signal: TelemetryConfiguration.Signal
    package let otlp: TelemetryConfiguration.OTLP
    package let resource: ResourceMessage
    /// What it is called in statistics.
    package let component: TelemetryComponent
    package var retry = RetryPolicy()
    /// Compresses a body with the configured content coding; nil when it is sent as it is.
    package var compress: (@Sendable ([UInt8]) -> [UInt8])?
    /// From 0 to below 1, for jitter.
    package var random: @Sendable () -> Double = { .random(in: 0..<1) }

    package init(
      signal: TelemetryConfiguration.Signal, otlp: TelemetryConfiguration.OTLP,
      resource: ResourceMessage, component: TelemetryComponent? = nil
    ) {
      self.signal = signal
      self.otlp = otlp
      self.resource = resource
      self.component = component ?? .httpExporter(signal, otlp)
    }
  }

  /// What an envelope usually stays below, and how much larger than in protobuf a record usually is
  /// not in JSON.
  private static let (envelopeBytes, jsonGrowth) = (64 << 10, 4)

  private let configuration: Configuration
  let envelope: ExportRequestEnvelope
  private let scopes: ScopeTable
  private let transport: any OTLPTransport
  let health: ReceiverHealth
  private let notices: ExportNotices
  private let counts = ExportCounts()
  /// The receiver asked for no requests before this instant.
  private let holdUntil = Mutex(MonotonicInstant(nanoseconds: 0))

  package init(
    configuration: Configuration, scopes: ScopeTable, transport: any OTLPTransport,
    health: ReceiverHealth, log: DiagnosticLog
  ) {
    self.configuration = configuration
    envelope = ExportRequestEnvelope(resource: configuration.resource)
    self.scopes = scopes
    self.transport = transport
    self.health = health
    notices = ExportNotices(
      endpoint: "\(configuration.otlp.endpoint)", signal: configuration.signal, log: log)
  }

  var component: TelemetryComponent { configuration.component }

  /// What it did so far, for the metrics `otel.sdk.exporter.*`.
  package var statistics: ExporterStatistics { counts.statistics }

  package func export(
    _ batch: RecordBatch, deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    await export(
      body: encode(batch), recordCount: batch.recordCount, deadline: deadline, control: control)
  }

  /// Sends a body in protobuf that is encoded already, of `recordCount` records.
  package func export(
    body: [UInt8], recordCount: Int, deadline: MonotonicInstant, control: ExportControl
  ) async -> ExportResult {
    let start = MonotonicInstant.now()
    counts.begin(recordCount)
    var outcome = ExporterStatistics.Outcome()
    let result = await deliver(
      body, recordCount: recordCount, deadline: deadline, control, outcome: &outcome)
    counts.end(result, since: start, outcome: outcome)
    return result
  }

  private func deliver(
    _ body: [UInt8], recordCount: Int, deadline: MonotonicInstant, _ control: ExportControl,
    outcome: inout ExporterStatistics.Outcome
  ) async -> ExportResult {
    func dropped(_ reason: DropReason) -> ExportResult {
      ExportResult(exported: 0, dropped: recordCount, reason: reason)
    }
    guard let request = makeRequest(body) else {
      notices.tooLarge(bytes: body.count, records: recordCount)
      outcome.errorType = "request_too_large"
      return dropped(.exportFailed)
    }
    var retries = 0
    while true {
      guard await waitForHold(deadline: deadline, control) else {
        return dropped(control.shutdownDeadline == nil ? .exportTimeout : .shutdown)
      }
      switch await send(
        request, recordCount: recordCount, deadline: deadline, control, outcome: &outcome)
      {
      case .delivered(let rejected):
        return ExportResult(
          exported: recordCount - rejected, dropped: rejected, reason: .rejected)
      case .refused: return dropped(.exportFailed)
      case .cancelled: return dropped(.shutdown)
      case .failed(let retryAfter, let isConnected):
        // A receiver that is not there when the process ends will not be there a second later.
        if control.shutdownDeadline != nil, !isConnected { return dropped(.shutdown) }
        let next = configuration.retry.nextAttempt(
          retries: retries, retryAfter: retryAfter, now: .now(),
          deadline: min(deadline, control.shutdownDeadline ?? deadline),
          random: configuration.random())
        guard let next else {
          return dropped(control.shutdownDeadline == nil ? .exportTimeout : .shutdown)
        }
        if retryAfter != nil { holdUntil.withLock { $0 = next } }
        await control.pause(until: next)
        retries += 1
      }
    }
  }

  private enum Attempt {
    case delivered(rejected: Int)
    case refused
    case failed(retryAfter: Duration?, isConnected: Bool)
    case cancelled
  }

  private func send(
    _ request: OTLPRequest, recordCount: Int, deadline: MonotonicInstant,
    _ control: ExportControl, outcome: inout ExporterStatistics.Outcome
  ) async -> Attempt {
    if Task.isCancelled { return .cancelled }
    var limit = min(deadline, control.shutdownDeadline ?? deadline)
    if let timeout = configuration.otlp.timeout { limit = min(limit, .now() + timeout) }
    let answer = await control.run {
      [transport, limit] () -> Result<OTLPResponse, OTLPTransportError> in
      do throws(OTLPTransportError) {
        return .success(try await transport.send(request, deadline: limit))
      } catch { return .failure(error) }
    }
    do throws(OTLPTransportError) {
      let response = try answer.get()
      outcome = ExporterStatistics.Outcome(
        errorType: (200..<300).contains(response.status) ? nil : "\(response.status)",
        httpStatus: response.status)
      return judge(response, recordCount: recordCount)
    } catch {
      outcome = ExporterStatistics.Outcome(errorType: error.label)
      if error == .cancelled || Task.isCancelled { return .cancelled }
      guard case .transient = RetryPolicy.classify(error) else {
        notices.refused("\(error)", key: "\(error)", records: recordCount)
        return .refused
      }
      health.failed("\(error)")
      if case .connectionFailed = error { return .failed(retryAfter: nil, isConnected: false) }
      return .failed(retryAfter: nil, isConnected: true)
    }
  }

  private func judge(_ response: OTLPResponse, recordCount: Int) -> Attempt {
    let seconds = Int(WallClock.unixNanoseconds() / 1_000_000_000)
    let retryAfter = response.retryAfter.flatMap { RetryAfter.parse($0, unixSeconds: seconds) }
    switch RetryPolicy.classify(status: response.status, retryAfter: retryAfter) {
    case .success:
      health.succeeded()
      // A success whose body cannot be read is a success.
      guard let partial = response.partialSuccess else { return .delivered(rejected: 0) }
      notices.partialSuccess(partial, of: recordCount)
      return .delivered(rejected: min(partial.rejectedCount, recordCount))
    case .transient(let retryAfter):
      health.failed("HTTP \(response.status)")
      return .failed(retryAfter: retryAfter, isConnected: true)
    case .permanent:
      health.succeeded()
      let message = response.rpcStatus.map { $0.message.isEmpty ? "" : ": " + $0.message } ?? ""
      notices.refused(
        "HTTP \(response.status)\(message)", key: "\(response.status)", records: recordCount)
      return .refused
    }
  }

  /// Waits until the receiver wants requests again.
  /// - Returns: Whether that is before there is no time left.
  private func waitForHold(deadline: MonotonicInstant, _ control: ExportControl) async -> Bool {
    let hold = holdUntil.withLock { $0 }
    while hold > .now(), !Task.isCancelled {
      guard hold < min(deadline, control.shutdownDeadline ?? deadline) else { return false }
      await control.pause(until: hold)
    }
    return true
  }

  private func makeRequest(_ protobuf: [UInt8]) -> OTLPRequest? {
    let bytesMax = configuration.otlp.requestBytesMax
    let isJSON = configuration.otlp.transport == .httpJSON
    guard let body = isJSON ? json(protobuf) : protobuf, body.count <= bytesMax else { return nil }
    let compressed = configuration.compress.map { $0(body) } ?? body
    guard compressed.count <= bytesMax else { return nil }
    return OTLPRequest(
      endpoint: configuration.otlp.endpoint,
      contentType: isJSON ? "application/json" : "application/x-protobuf",
      contentEncoding: configuration.compress == nil ? nil : "gzip",
      headers: configuration.otlp.headers, body: compressed,
      responseBytesMax: configuration.otlp.responseBytesMax)
  }

  private func json(_ protobuf: [UInt8]) -> [UInt8]? {
    let request: OTLPJSON.Request =
      switch configuration.signal {
      case .traces: .traces
      case .metrics: .metrics
      case .logs: .logs
      }
    return try? OTLPJSON.encode(request, protobuf: protobuf)
  }

  /// Halves the batch until each part fits into a request.
  package func divided(_ batch: RecordBatch) -> [RecordBatch] {
    let isJSON = configuration.otlp.transport == .httpJSON
    let bytesMax = configuration.otlp.requestBytesMax
    // Nearly every batch is far from the limit, and is not encoded twice to find out.
    guard (batch.byteCount + Self.envelopeBytes) * (isJSON ? Self.jsonGrowth : 1) > bytesMax else {
      return [batch]
    }
    let body = encode(batch)
    guard (isJSON ? json(body) : body)?.count ?? 0 > bytesMax, let halves = batch.halves() else {
      return [batch]
    }
    return divided(halves.0) + divided(halves.1)
  }

  /// One `Resource…` with one `Scope…` for each scope of the batch.
  private func encode(_ batch: RecordBatch) -> [UInt8] {
    var byScope: [Int: [RecordSegment]] = [:]
    var order: [Int] = []
    for segment in batch.segments {
      if byScope[segment.scope] == nil { order.append(segment.scope) }
      byScope[segment.scope, default: []].append(segment)
    }
    let groups = order.map { scope in
      ExportRequestEnvelope.Group(
        scope: scopes.encodedScope(at: scope),
        recordBytes: byScope[scope, default: []].reduce(0) { $0 + $1.bytes.count })
    }
    var bytes = ByteQueue(capacity: batch.byteCount + 4_096)
    envelope.append(to: &bytes, groups: groups) { index, bytes in
      for segment in byScope[order[index], default: []] { bytes.append(segment.bytes) }
    }
    return bytes.array()
  }
}

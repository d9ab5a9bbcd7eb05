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
  let sender: OTLPSender
  /// Keeps on disk what cannot be sent; nil when nothing does.
  private let spool: SpoolSender?
  let counts = ExportCounts()
  /// The receiver asked for no requests before this instant.
  private let holdUntil = Mutex(MonotonicInstant(nanoseconds: 0))

  /// - Parameter spool: Where what cannot be sent waits, with the loop that sees to it; nil retries
  ///   in memory.
  package init(
    configuration: Configuration, scopes: ScopeTable, transport: any OTLPTransport,
    health: ReceiverHealth, log: DiagnosticLog, spool: (set: SpoolSet, loop: EventLoop)? = nil
  ) {
    self.configuration = configuration
    envelope = ExportRequestEnvelope(resource: configuration.resource)
    self.scopes = scopes
    let (counts, sender) = (
      counts,
      OTLPSender(configuration: configuration, transport: transport, health: health, log: log)
    )
    self.sender = sender
    self.spool = spool.flatMap { spool in
      spool.set.spool(configuration.signal).map { own in
        SpoolSender(
          SpoolSender.Parts(
            spool: own, set: spool.set, sender: sender, counts: counts, retry: configuration.retry,
            random: configuration.random, loop: spool.loop, log: log))
      }
    }
  }

  var component: TelemetryComponent { configuration.component }
  var health: ReceiverHealth { sender.health }

  /// What it did so far, for the metrics `otel.sdk.exporter.*`.
  package var statistics: ExporterStatistics {
    var statistics = counts.statistics
    statistics.spool = spool?.statistics
    return statistics
  }

  package var heldUntil: MonotonicInstant? {
    let hold = holdUntil.withLock { $0 }
    return hold > .now() ? hold : nil
  }

  package var deferred: DeferredRecords { spool?.records ?? DeferredRecords() }

  package func forceFlush(deadline: MonotonicInstant) async -> FlushResult {
    await spool?.flush(deadline: deadline) ?? true ? .success : .timeout
  }

  package func shutdown(deadline: MonotonicInstant) async -> FlushResult {
    await spool?.shutdown(deadline: deadline)
    return .success
  }

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
    if let spool {
      await spool.take(body, recordCount: recordCount)
      return ExportResult(exported: 0, deferred: recordCount)
    }
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
    guard let request = sender.makeRequest(body) else {
      sender.notices.tooLarge(bytes: body.count, records: recordCount)
      outcome.errorType = OTLPSender.tooLargeLabel
      return dropped(.exportFailed)
    }
    var retries = 0
    while true {
      guard await waitForHold(deadline: deadline, control) else {
        return dropped(control.shutdownDeadline == nil ? .exportTimeout : .shutdown)
      }
      switch await sender.send(
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
        hold(for: retryAfter)
        guard let next else {
          return dropped(control.shutdownDeadline == nil ? .exportTimeout : .shutdown)
        }
        await control.pause(until: next)
        retries += 1
      }
    }
  }

  /// Keeps to a pause that the receiver asked for, with later batches too when this one's time is up
  /// before it ends.
  private func hold(for retryAfter: Duration?) {
    guard let retryAfter, retryAfter > .zero else { return }
    let end = MonotonicInstant.now() + min(retryAfter, configuration.retry.retryAfterMax)
    holdUntil.withLock { $0 = max($0, end) }
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

  /// Halves the batch until each part fits into a request.
  package func divided(_ batch: RecordBatch) -> [RecordBatch] {
    // Nearly every batch is far from the limit, and is not encoded twice to find out.
    guard mayBeTooLarge(bytes: batch.byteCount), sender.isTooLarge(encode(batch)),
      let halves = batch.halves()
    else { return [batch] }
    return divided(halves.0) + divided(halves.1)
  }

  /// Whether a request with records of so many bytes in protobuf may be larger than one may be.
  func mayBeTooLarge(bytes: Int) -> Bool {
    let growth = configuration.otlp.transport == .httpJSON ? Self.jsonGrowth : 1
    return (bytes + Self.envelopeBytes) * growth > configuration.otlp.requestBytesMax
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

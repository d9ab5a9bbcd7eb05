/// How a span began, for the metric `otel.sdk.span.started` (OpenTelemetry semantic conventions,
/// "SDK metrics").
public struct SpanStart: Hashable, Sendable {
  /// Whose child it is.
  public enum ParentOrigin: String, Sendable, CaseIterable {
    case none
    case local
    case remote
  }

  public let parentOrigin: ParentOrigin
  public let decision: SamplingResult.Decision
}

/// Counts spans by how they began.
final class SpanCounts: Sendable {
  /// By parent, then by decision.
  private let started = SpanStart.ParentOrigin.allCases.map { _ in
    SamplingResult.Decision.allCases.map { _ in ShardedCounter() }
  }
  private let sampledEnded = ShardedCounter()
  private let recordedEnded = ShardedCounter()

  func start(_ parent: SpanContext?, _ decision: SamplingResult.Decision) {
    let origin = parent.map { $0.isRemote ? 2 : 1 } ?? 0
    started[origin][decision.index].add(slot: ThreadSlot.current)
  }

  func end(isSampled: Bool) {
    (isSampled ? sampledEnded : recordedEnded).add(slot: ThreadSlot.current)
  }

  /// Spans that began sampled.
  var sampledStartedCount: Int { started(.recordAndSample) }
  /// Those of them that ended.
  var sampledEndedCount: Int { sampledEnded.total }
  /// Recorded spans that have not ended.
  var liveCount: Int {
    let ended = sampledEnded.total + recordedEnded.total
    return started(.recordAndSample) + started(.recordOnly) - ended
  }

  /// Recorded spans that have not ended, by whether they are sampled.
  var liveByDecision: [SamplingResult.Decision: Int] {
    [
      .recordAndSample: started(.recordAndSample) - sampledEnded.total,
      .recordOnly: started(.recordOnly) - recordedEnded.total,
    ]
  }

  var byStart: [SpanStart: Int] {
    var counts: [SpanStart: Int] = [:]
    for (origin, counters) in zip(SpanStart.ParentOrigin.allCases, started) {
      for (decision, counter) in zip(SamplingResult.Decision.allCases, counters) {
        counts[SpanStart(parentOrigin: origin, decision: decision)] = counter.total
      }
    }
    return counts
  }

  private func started(_ decision: SamplingResult.Decision) -> Int {
    started.reduce(0) { $0 + $1[decision.index].total }
  }
}

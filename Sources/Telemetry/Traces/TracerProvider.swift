import OTLP
import ServiceContextModule
import Synchronization

/// What all tracers of a pipeline share (OpenTelemetry specification, "TracerProvider").
package final class TracerProvider: Sendable {
  package let limits: TelemetryConfiguration.SpanLimits
  let attributeLimits: AttributeLimits
  let eventAttributeLimits: AttributeLimits
  let linkAttributeLimits: AttributeLimits
  /// The wall clock.
  let unixNanoseconds: @Sendable () -> UInt64

  private let sampler: any Sampler
  private let ids: any IDGenerator
  private let processor: (any SpanProcessor)?
  private let scopes: ScopeTable
  private let observesStart: Bool
  let observesEnding: Bool
  private let counts = SpanCounts()
  private let isShutDown = Atomic(false)

  /// - Parameter processor: Takes the recorded spans; nil when nobody wants any, and then no span is
  ///   recorded, and the caller's context is handed on as it came.
  package init(
    sampler: any Sampler = ParentBasedSampler(root: AlwaysOnSampler()),
    limits: TelemetryConfiguration.SpanLimits = TelemetryConfiguration.SpanLimits(),
    ids: any IDGenerator = RandomIDGenerator(),
    scopes: ScopeTable,
    processor: (any SpanProcessor)?,
    unixNanoseconds: @escaping @Sendable () -> UInt64 = WallClock.unixNanoseconds
  ) {
    self.sampler = sampler
    self.limits = limits
    self.ids = ids
    self.scopes = scopes
    self.processor = processor
    observesStart = processor?.observesStart ?? false
    observesEnding = processor?.observesEnding ?? false
    self.unixNanoseconds = unixNanoseconds
    let length = limits.attributeValueLengthMax
    attributeLimits = AttributeLimits(countMax: limits.attributesMax, valueLengthMax: length)
    eventAttributeLimits = AttributeLimits(
      countMax: limits.attributesPerEventMax, valueLengthMax: length)
    linkAttributeLimits = AttributeLimits(
      countMax: limits.attributesPerLinkMax, valueLengthMax: length)
  }

  /// The index of a scope, for a tracer to stamp on its spans.
  func index(of scope: InstrumentationScope) -> Int { scopes.index(of: scope) }

  /// Spans that were started sampled and recorded.
  package var startedCount: Int { counts.sampledStartedCount }
  /// Those of them that have ended.
  package var endedCount: Int { counts.sampledEndedCount }
  /// Spans by how they began, those that are not recorded too.
  package var startedCounts: [SpanStart: Int] { counts.byStart }
  /// Recorded spans that have not ended.
  package var liveCount: Int { counts.liveCount }

  package var liveCounts: [SamplingResult.Decision: Int] { counts.liveByDecision }

  /// From now on no span is recorded; those that live may end.
  package func shutdown() { isShutDown.store(true, ordering: .relaxed) }

  /// Starts a span in the specified order: trace id, sampler, span id (also for a span that is
  /// dropped), span.
  func startSpan(
    _ name: String, context: ServiceContext, kind: SpanRecord.Kind, attributes: [Attribute],
    links: [SpanRecord.Link], at start: UInt64?, scope: Int
  ) -> TelemetrySpan {
    let parentSpan = context.activeSpan
    let parent = parentSpan.flatMap { $0.spanContext.isValid ? $0.spanContext : nil }
    let base = parentSpan == nil ? context : context.withoutSpan
    guard processor != nil, !isShutDown.load(ordering: .relaxed) else {
      let handedOn = parent ?? SpanContext(traceID: .invalid, spanID: .invalid, flags: [])
      return TelemetrySpan(nonRecording: handedOn, in: base)
    }

    let traceID = parent?.traceID ?? ids.makeTraceID()
    let result = sampler.sample(
      SamplingParameters(
        parent: parent, traceID: traceID, name: name, kind: kind, attributes: attributes,
        links: links, context: context))
    var flags: TraceFlags = parent.map { $0.flags.intersection(.random) } ?? rootFlags
    if result.decision == .recordAndSample { flags.insert(.sampled) }
    let spanContext = SpanContext(
      traceID: traceID, spanID: ids.makeSpanID(), flags: flags, traceState: result.traceState)
    counts.start(parent, result.decision)
    guard result.decision != .drop else {
      return TelemetrySpan(nonRecording: spanContext, in: base)
    }

    var record = SpanRecord(
      traceID: traceID, spanID: spanContext.spanID, parentSpanID: parent?.spanID ?? .invalid,
      traceState: result.traceState,
      flags: SpanRecord.flags(w3c: flags.rawValue, isRemote: parent?.isRemote ?? false),
      name: name, kind: kind, startUnixNanoseconds: start ?? unixNanoseconds())
    add(attributes, to: &record)
    add(result.attributes, to: &record)
    if !links.isEmpty { add(links, to: &record) }
    let span = TelemetrySpan(
      record, context: spanContext, base: base, scope: scope, provider: self)
    if observesStart { processor?.onStart(span, in: context) }
    return span
  }

  /// Takes a span that has ended.
  func finished(_ record: borrowing SpanRecord, scope: Int, isSampled: Bool) {
    counts.end(isSampled: isSampled)
    processor?.onEnd(record, scope: ScopeReference(scope, in: scopes))
  }

  /// A span has its end, and may be changed once more.
  func ending(_ span: TelemetrySpan) { processor?.onEnding(span) }

  func link(to linked: SpanContext, attributes: [Attribute]) -> SpanRecord.Link {
    let (kept, dropped) = linkAttributeLimits.apply(to: attributes)
    return SpanRecord.Link(
      traceID: linked.traceID, spanID: linked.spanID, traceState: linked.traceState,
      flags: SpanRecord.flags(w3c: linked.flags.rawValue, isRemote: linked.isRemote),
      attributes: kept, droppedAttributesCount: dropped)
  }

  private var rootFlags: TraceFlags { ids.isRandom ? .random : [] }

  private func add(_ attributes: [Attribute], to record: inout SpanRecord) {
    for attribute in attributes {
      attributeLimits.set(
        attribute.key, attribute.value, in: &record.attributes,
        dropped: &record.droppedAttributesCount)
    }
  }

  private func add(_ links: [SpanRecord.Link], to record: inout SpanRecord) {
    record.links = Array(links.prefix(limits.linksMax))
    record.droppedLinksCount = UInt32(clamping: links.count - record.links.count)
  }
}

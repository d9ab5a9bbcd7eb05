public import OTLP
public import ServiceContextModule
import Synchronization

/// A span: an operation with a beginning, an end and what is known of it.
///
/// Any thread may use it at any time. It collects into one record behind a lock that is held for
/// nanoseconds, and is encoded once, when it ends; everything after the end is ignored. A span that
/// is not recorded carries its context and ignores the rest.
public final class TelemetrySpan: Sendable {
  public let spanContext: SpanContext
  /// The context the span was started in, without a span.
  private let base: ServiceContext
  /// Who takes the record; nil when the span is not recorded.
  private let provider: TracerProvider?
  private let scope: Int
  private let record: Mutex<SpanRecord>
  /// The thread that is ending the span, plus one, while processors may still change it; else 0.
  private let endingThread = Atomic<Int>(0)

  /// A span that records.
  init(
    _ record: consuming SpanRecord, context spanContext: SpanContext, base: ServiceContext,
    scope: Int, provider: TracerProvider
  ) {
    self.spanContext = spanContext
    self.base = base
    self.provider = provider
    self.scope = scope
    self.record = Mutex(record)
  }

  /// A span that carries a context and records nothing: one that was not sampled, or one that
  /// stands for a span of another process.
  public init(nonRecording spanContext: SpanContext, in base: ServiceContext = .topLevel) {
    self.spanContext = spanContext
    self.base = base
    provider = nil
    scope = 0
    record = Mutex(
      SpanRecord(
        traceID: spanContext.traceID, spanID: spanContext.spanID, parentSpanID: .invalid,
        traceState: "", flags: 0, name: "", kind: .internal, startUnixNanoseconds: 0))
  }

  /// The context for work that belongs to this span.
  public var context: ServiceContext {
    var context = base
    context.activeSpan = self
    return context
  }

  /// Whether what is set now will be kept.
  public var isRecording: Bool {
    provider != nil && record.withLock { $0.endUnixNanoseconds == 0 || isEndingHere }
  }

  public var name: String {
    get { record.withLock { $0.name } }
    set { update { record, _ in record.name = newValue } }
  }

  // MARK: What is known of it

  /// Sets an attribute, replacing one of the same name.
  public func setAttribute(_ key: String, _ value: AttributeValue) {
    update { record, provider in
      provider.attributeLimits.set(
        key, value, in: &record.attributes, dropped: &record.droppedAttributesCount)
    }
  }

  /// Sets several attributes under one lock.
  public func setAttributes(_ attributes: [Attribute]) {
    update { record, provider in
      for attribute in attributes {
        provider.attributeLimits.set(
          attribute.key, attribute.value, in: &record.attributes,
          dropped: &record.droppedAttributesCount)
      }
    }
  }

  /// Adds an event.
  /// - Parameter unixNanoseconds: When it happened; nil is now.
  public func addEvent(
    _ name: String, attributes: [Attribute] = [], at unixNanoseconds: UInt64? = nil
  ) {
    update { record, provider in
      guard record.events.count < provider.limits.eventsMax else {
        record.droppedEventsCount &+= 1
        return
      }
      let (kept, dropped) = provider.eventAttributeLimits.apply(to: attributes)
      record.events.append(
        SpanRecord.Event(
          unixNanoseconds: unixNanoseconds ?? provider.unixNanoseconds(), name: name,
          attributes: kept, droppedAttributesCount: dropped))
    }
  }

  /// Adds a link. One that leads nowhere is kept only when it says something.
  public func addLink(to linked: SpanContext, attributes: [Attribute] = []) {
    guard linked.isValid || !attributes.isEmpty || !linked.traceState.isEmpty else { return }
    update { record, provider in
      guard record.links.count < provider.limits.linksMax else {
        record.droppedLinksCount &+= 1
        return
      }
      record.links.append(provider.link(to: linked, attributes: attributes))
    }
  }

  /// Sets the status. `ok` is final; `unset` changes nothing.
  /// - Parameter message: What went wrong; kept for errors only.
  public func setStatus(_ code: SpanRecord.StatusCode, message: String = "") {
    update { record, _ in
      guard record.statusCode != .ok, code != .unset else { return }
      record.statusCode = code
      record.statusMessage = code == .error ? message : ""
    }
  }

  /// Adds an `exception` event for `error` (OpenTelemetry semantic conventions, "Exceptions on
  /// spans"). The status stays as it is.
  public func recordException(
    _ error: any Error, attributes: [Attribute] = [], at unixNanoseconds: UInt64? = nil
  ) {
    guard provider != nil else { return }
    var all = [
      Attribute("exception.type", .string(ErrorTypeName.of(error))),
      Attribute("exception.message", .string(String(describing: error))),
    ]
    all.append(contentsOf: attributes)
    addEvent(Self.exceptionEventName, attributes: all, at: unixNanoseconds)
  }

  // MARK: End

  /// Ends the span and hands it on. Only the first call counts.
  /// - Parameter unixNanoseconds: When it ended; nil is now. Never before the start: a wall clock
  ///   that was set back must not make a negative duration.
  public func end(at unixNanoseconds: UInt64? = nil) {
    guard let provider else { return }
    guard !provider.observesEnding else { return endObserved(at: unixNanoseconds, provider) }
    record.withLock { record in
      guard record.endUnixNanoseconds == 0 else { return }
      setEnd(of: &record, unixNanoseconds, provider)
      finish(&record, provider)
    }
  }

  /// Lets processors change the span between its end and what they get of it.
  private func endObserved(at unixNanoseconds: UInt64?, _ provider: TracerProvider) {
    let isFirst = record.withLock { record in
      guard record.endUnixNanoseconds == 0 else { return false }
      setEnd(of: &record, unixNanoseconds, provider)
      endingThread.store(ThreadSlot.current + 1, ordering: .relaxed)
      return true
    }
    guard isFirst else { return }
    provider.ending(self)
    endingThread.store(0, ordering: .relaxed)
    record.withLock { finish(&$0, provider) }
  }

  private func setEnd(
    of record: inout SpanRecord, _ unixNanoseconds: UInt64?, _ provider: TracerProvider
  ) {
    let end = unixNanoseconds ?? provider.unixNanoseconds()
    record.endUnixNanoseconds = max(end, record.startUnixNanoseconds, 1)
  }

  private func finish(_ record: inout SpanRecord, _ provider: TracerProvider) {
    if record.statusCode == .error { Self.addErrorType(to: &record, provider) }
    provider.finished(record, scope: scope, isSampled: spanContext.isSampled)
  }

  /// Whether this thread is the one that may change the span although it has an end.
  private var isEndingHere: Bool {
    endingThread.load(ordering: .relaxed) == ThreadSlot.current + 1
  }

  /// Calls `body` with the record as it is now.
  public func withRecord<R: Sendable>(_ body: (borrowing SpanRecord) -> R) -> R {
    record.withLock { body($0) }
  }

  /// Runs `body` unless the span has ended or is not recorded.
  @inline(__always)
  func update(_ body: (inout SpanRecord, TracerProvider) -> Void) {
    guard let provider else { return }
    record.withLock { record in
      guard record.endUnixNanoseconds == 0 || isEndingHere else { return }
      body(&record, provider)
    }
  }

  private static let exceptionEventName = "exception"

  /// A failed span says what failed in `error.type`: the exception it recorded last, unless the
  /// program said something itself.
  private static func addErrorType(to record: inout SpanRecord, _ provider: TracerProvider) {
    guard AttributeLimits.index(of: "error.type", in: record.attributes) == nil,
      let exception = record.events.last(where: { $0.name == exceptionEventName }),
      let index = AttributeLimits.index(of: "exception.type", in: exception.attributes)
    else { return }
    provider.attributeLimits.set(
      "error.type", exception.attributes[index].value, in: &record.attributes,
      dropped: &record.droppedAttributesCount)
  }
}

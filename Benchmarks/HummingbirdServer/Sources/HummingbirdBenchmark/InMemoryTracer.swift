#if !SWIFT_OTEL
import Synchronization
import Tracing

/// Makes spans that keep what they are told until they end, and are then forgotten.
struct InMemoryTracer: Tracer {
  func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> InMemorySpan {
    InMemorySpan(
      operationName: operationName, parent: context(), start: instant().nanosecondsSinceEpoch)
  }

  func forceFlush() {}

  func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    context.spanIdentity = extractor.extract(key: "traceparent", from: carrier).map {
      SpanIdentity(traceParent: $0)
    }
  }

  func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let identity = context.spanIdentity else { return }
    injector.inject(identity.traceParent, forKey: "traceparent", into: &carrier)
  }
}

/// The identifiers of a span, as `traceparent` carries them.
struct SpanIdentity: Sendable {
  let traceParent: String

  init(traceParent: String) { self.traceParent = traceParent }

  init() {
    let trace = UInt128.random(in: 1...UInt128.max)
    let span = UInt64.random(in: 1...UInt64.max)
    traceParent = "00-\(String(trace, radix: 16))-\(String(span, radix: 16))-01"
  }
}

private enum SpanIdentityKey: ServiceContextKey {
  typealias Value = SpanIdentity
}

extension ServiceContext {
  var spanIdentity: SpanIdentity? {
    get { self[SpanIdentityKey.self] }
    set { self[SpanIdentityKey.self] = newValue }
  }
}

/// A span that is kept while it lives.
final class InMemorySpan: Span {
  private struct State {
    var operationName: String
    var attributes = SpanAttributes()
    var events: [SpanEvent] = []
    var links: [SpanLink] = []
    var status: SpanStatus?
    var end: UInt64?
  }

  let context: ServiceContext
  private let start: UInt64
  private let state: Mutex<State>

  init(operationName: String, parent: ServiceContext, start: UInt64) {
    var context = parent
    context.spanIdentity = SpanIdentity()
    self.context = context
    self.start = start
    state = Mutex(State(operationName: operationName))
  }

  var isRecording: Bool { state.withLock { $0.end == nil } }

  var operationName: String {
    get { state.withLock { $0.operationName } }
    set { state.withLock { $0.operationName = newValue } }
  }

  var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { state.withLock { $0.attributes = newValue } }
  }

  func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }

  func addEvent(_ event: SpanEvent) { state.withLock { $0.events.append(event) } }

  func addLink(_ link: SpanLink) { state.withLock { $0.links.append(link) } }

  func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
  }

  func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    let now = instant().nanosecondsSinceEpoch
    state.withLock { $0.end = now }
  }
}
#endif

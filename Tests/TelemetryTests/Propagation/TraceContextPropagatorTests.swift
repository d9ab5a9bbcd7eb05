import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Trace context propagator")
struct TraceContextPropagatorTests {
  private let propagator = TraceContextPropagator()
  private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

  @Test("both fields are read, and written as they came")
  func both() {
    let fields = ["traceparent": Self.parent, "tracestate": "foo=1,bar=2"]
    let context = propagator.extracted(fields)
    #expect(context.spanContext?.isRemote == true)
    #expect(context.spanContext?.isSampled == true)
    #expect(propagator.injected(context) == fields)
  }

  @Test("a broken tracestate leaves the parent; an empty one is not written", arguments: ["", "X"])
  func brokenState(state: String) {
    let context = propagator.extracted(["traceparent": Self.parent, "tracestate": state])
    #expect(propagator.injected(context) == ["traceparent": Self.parent])
  }

  @Test("no parent, or a broken one: nothing is read, not the state either", arguments: [nil, "00"])
  func brokenParent(parent: String?) {
    let known = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: [])
    var start = ServiceContext.topLevel
    start.spanContext = known
    var fields = ["tracestate": "foo=1"]
    fields["traceparent"] = parent
    #expect(propagator.extracted(fields, from: start).spanContext == known)
  }

  @Test("no span, or an invalid one: nothing is written")
  func nothing() {
    #expect(propagator.injected(.topLevel).isEmpty)
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 1, low: 2), spanID: .invalid, flags: [], traceState: "a=1")
    #expect(propagator.injected(context).isEmpty)
  }

  @Test("a span's own id is what its requests carry, and the caller's state with it")
  func span() throws {
    let recorded = RecordedTracer()
    let context = propagator.extracted(["traceparent": Self.parent, "tracestate": "foo=1"])
    let span = recorded.tracer.startSpan("op", context: context, kind: .server)
    let fields = propagator.injected(span.context)
    #expect(
      fields["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-\(span.spanContext.spanID)-01")
    #expect(fields["tracestate"] == "foo=1")
    #expect(span.spanContext.spanID != SpanID(0xb7ad_6b71_6920_3331))
  }
}

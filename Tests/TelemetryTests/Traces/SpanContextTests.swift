import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("Span context")
struct SpanContextTests {
  @Test(
    "valid with both ids",
    arguments: [(1, 1, true), (0, 1, false), (1, 0, false), (0, 0, false)]
      as [(UInt64, UInt64, Bool)])
  func validity(trace: UInt64, span: UInt64, isValid: Bool) {
    for traceID in [TraceID(high: trace, low: 0), TraceID(high: 0, low: trace)] {
      let context = SpanContext(traceID: traceID, spanID: SpanID(span), flags: [])
      #expect(context.isValid == isValid)
    }
  }

  @Test("remote when it was extracted, and not in the spans that follow")
  func remote() throws {
    let fields = ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
    let context = TraceContextPropagator().extracted(fields)
    #expect(context.spanContext?.isRemote == true)
    let span = RecordedTracer().tracer.startSpan("op", context: context, kind: .server)
    #expect(!span.spanContext.isRemote && span.spanContext.isSampled)
    #expect("\(span.spanContext.traceID)" == "0af7651916cd43dd8448eb211c80319c")
  }

  private struct NumberedIDs: IDGenerator {
    var isRandom: Bool { false }

    func makeTraceID() -> TraceID { TraceID(high: 0xA, low: 0xB) }
    func makeSpanID() -> SpanID { SpanID(0xC) }
  }

  @Test("a program's own id generator; ids that are not random have no random flag")
  func ownIDs() throws {
    let processor = RecordingSpanProcessor()
    let own = try OwnTelemetry {
      $0.ids = NumberedIDs()
      $0.spanProcessors = [processor]
    }
    let span = own.telemetry.tracer.startSpan("op", context: .topLevel, kind: .server)
    #expect(span.spanContext.flags == .sampled)
    span.end()
    #expect(processor.spans.first?.traceID == TraceID(high: 0xA, low: 0xB))
    #expect(processor.spans.first?.spanID == SpanID(0xC))
  }
}

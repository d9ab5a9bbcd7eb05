import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

@Suite("OpenTracing's fields")
struct OTTracePropagatorTests {
  private let propagator = OTTracePropagator()

  private func fields(
    _ traceID: String = "1", _ spanID: String = "2", _ sampled: String? = "true"
  ) -> [String: String] {
    var fields = ["ot-tracer-traceid": traceID, "ot-tracer-spanid": spanID]
    fields["ot-tracer-sampled"] = sampled
    return fields
  }

  @Test("ids of 64 bits, the sampled flag as a word, and baggage")
  func written() {
    var context = ServiceContext.topLevel
    context.spanContext = SpanContext(
      traceID: TraceID(high: 0xAB, low: 0xCD), spanID: SpanID(0xEF), flags: .sampled)
    context.baggage = Baggage(parsing: "k=a%20b")
    #expect(
      propagator.injected(context) == [
        "ot-tracer-traceid": "00000000000000cd", "ot-tracer-spanid": "00000000000000ef",
        "ot-tracer-sampled": "true", "ot-baggage-k": "a b",
      ])
    context.spanContext = SpanContext(traceID: .invalid, spanID: .invalid, flags: [])
    #expect(propagator.injected(context).isEmpty)
  }

  @Test(
    "what is read",
    arguments: [("true", true), ("1", true), ("false", false), ("0", false), (nil, false)]
      as [(String?, Bool)])
  func read(sampled: String?, isSampled: Bool) throws {
    let found = try #require(propagator.extracted(fields("ab", "cd", sampled)).spanContext)
    #expect(found.traceID == TraceID(high: 0, low: 0xAB) && found.spanID == SpanID(0xCD))
    #expect(found.isSampled == isSampled && found.isRemote)
  }

  @Test(
    "what cannot be read changes nothing",
    arguments: [("", "2"), ("0", "2"), ("1", "0"), ("x", "2"), ("1", "x"), ("1", "")])
  func unreadable(traceID: String, spanID: String) {
    #expect(propagator.extracted(fields(traceID, spanID)).spanContext == nil)
    #expect(propagator.extracted(["ot-tracer-spanid": "1"]).spanContext == nil)
  }
}

import OTLP
import ServiceContextModule
import Testing

@testable import Telemetry

private let traceText = "0af7651916cd43dd8448eb211c80319c"
private let spanText = "b7ad6b7169203331"
private let traceID = TraceID(high: 0x0af7_6519_16cd_43dd, low: 0x8448_eb21_1c80_319c)

@Suite("B3 propagator")
struct B3PropagatorTests {
  private let single = B3Propagator(.single)
  private let multiple = B3Propagator(.multiple)

  @Test(
    "one field",
    arguments: [
      ("", "0"), ("-0", "0"), ("-1", "1"), ("-d", "d"), ("-1-05e3ac9a4f6e3b90", "1"),
      ("-0-05e3ac9a4f6e3b90", "0"),
    ])
  func oneField(behind: String, decision: String) {
    let context = single.extracted(["b3": "\(traceText)-\(spanText)\(behind)"])
    #expect(context.spanContext?.traceID == traceID)
    #expect(context.spanContext?.isRemote == true)
    #expect(context.spanContext?.isSampled == (decision != "0"))
    #expect(single.injected(context) == ["b3": "\(traceText)-\(spanText)-\(decision)"])
  }

  @Test(
    "several fields",
    arguments: [
      (nil, nil, ["X-B3-Sampled": "0"]), ("0", nil, ["X-B3-Sampled": "0"]),
      ("1", nil, ["X-B3-Sampled": "1"]), ("true", nil, ["X-B3-Sampled": "1"]),
      ("false", nil, ["X-B3-Sampled": "0"]), ("maybe", nil, ["X-B3-Sampled": "0"]),
      ("0", "1", ["X-B3-Flags": "1"]), (nil, "1", ["X-B3-Flags": "1"]),
      ("1", "0", ["X-B3-Sampled": "1"]),
    ] as [(String?, String?, [String: String])])
  func severalFields(sampled: String?, flags: String?, expected: [String: String]) {
    let ids = ["X-B3-TraceId": traceText, "X-B3-SpanId": spanText]
    var fields = ids
    fields["X-B3-ParentSpanId"] = "05e3ac9a4f6e3b90"
    fields["X-B3-Sampled"] = sampled
    fields["X-B3-Flags"] = flags
    let context = multiple.extracted(fields)
    #expect(context.spanContext?.isSampled == (expected != ["X-B3-Sampled": "0"]))
    #expect(multiple.injected(context) == ids.merging(expected) { $1 })
  }

  @Test("a trace id of 64 bits is filled with zeros in front")
  func shortTraceID() {
    let context = single.extracted(["b3": "\(spanText)-\(spanText)-1"])
    #expect(context.spanContext?.traceID == TraceID(high: 0, low: 0xb7ad_6b71_6920_3331))
    #expect(single.injected(context)["b3"] == "0000000000000000\(spanText)-\(spanText)-1")
  }

  @Test("either way is read by both, the one field first")
  func precedence() {
    let several = ["X-B3-TraceId": traceText, "X-B3-SpanId": spanText, "X-B3-Sampled": "1"]
    let both = several.merging(["b3": "\(spanText)-\(spanText)-1"]) { $1 }
    for propagator in [single, multiple] {
      #expect(propagator.extracted(several).spanContext?.traceID == traceID)
      #expect(propagator.extracted(both).spanContext?.traceID.high == 0)
    }
    let broken = several.merging(["b3": "0"]) { $1 }
    #expect(single.extracted(broken).spanContext?.traceID == traceID)
  }

  @Test(
    "what is not read",
    arguments: [
      "", "0", "1", "d", "\(traceText)", "\(traceText)-\(spanText)-2", "\(traceText)-\(spanText)-",
      "\(traceText)-\(spanText)-1-x-y", "0\(traceText)-\(spanText)-1", "\(traceText)-0\(spanText)-1",
      "\(traceText.dropLast())-\(spanText)-1", "\(traceText.uppercased())-\(spanText)-1",
      "00000000000000000000000000000000-\(spanText)-1", "\(traceText)-0000000000000000-1",
      "0000000000000000-\(spanText)-1", "g\(traceText.dropFirst())-\(spanText)-1",
      "\(traceText.dropLast())g-\(spanText)-1",
    ])
  func unreadable(field: String) {
    let known = SpanContext(traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: [])
    var start = ServiceContext.topLevel
    start.spanContext = known
    #expect(single.extracted(["b3": field], from: start).spanContext == known)
  }

  @Test("no span: nothing is written")
  func nothing() {
    #expect(single.injected(.topLevel).isEmpty && multiple.injected(.topLevel).isEmpty)
  }

  @Test("the wish to debug reaches the services behind, and ends with the trace")
  func debug() {
    let recorded = RecordedTracer()
    let context = single.extracted(["b3": "\(traceText)-\(spanText)-d"])
    let span = recorded.tracer.startSpan("s", context: context, kind: .server)
    #expect(single.injected(span.context)["b3"] == "\(traceText)-\(span.spanContext.spanID)-d")
    let next = single.extracted(["b3": "\(traceText)-\(spanText)-1"], from: context)
    #expect(single.injected(next)["b3"]?.hasSuffix("-1") == true)
  }
}

@Suite("Jaeger propagator")
struct JaegerPropagatorTests {
  private let propagator = JaegerPropagator()

  @Test(
    "valid fields",
    arguments: [
      ("\(traceText):\(spanText):0:1", "\(traceText):\(spanText):0:1"),
      ("\(traceText):\(spanText):05e3ac9a4f6e3b90:0", "\(traceText):\(spanText):0:0"),
      ("\(traceText)%3A\(spanText)%3a0%3A01", "\(traceText):\(spanText):0:1"),
      (" \(traceText):\(spanText):0:3", "\(traceText):\(spanText):0:1"),
      ("\(traceText):\(spanText):0:2", "\(traceText):\(spanText):0:0"),
      ("1:2:0:1", "00000000000000000000000000000001:0000000000000002:0:1"),
      ("f0000000000000001:2:0:1", "000000000000000f0000000000000001:0000000000000002:0:1"),
    ])
  func valid(field: String, passedOn: String) {
    let context = propagator.extracted(["uber-trace-id": field])
    #expect(context.spanContext?.isRemote == true)
    #expect(propagator.injected(context) == ["uber-trace-id": passedOn])
  }

  @Test(
    "invalid fields",
    arguments: [
      "", ":::", "\(traceText):\(spanText):0", "\(traceText):\(spanText):0:1:1",
      "0\(traceText):\(spanText):0:1", "\(traceText):0\(spanText):0:1", "0:\(spanText):0:1",
      "\(traceText):0:0:1", "x:\(spanText):0:1", "\(traceText):x:0:1", "\(traceText):\(spanText):0:x",
      "\(traceText):\(spanText):0:001", "\(traceText):\(spanText):0:", ":\(spanText):0:1",
    ])
  func invalid(field: String) {
    #expect(propagator.extracted(["uber-trace-id": field]).spanContext == nil)
  }

  @Test("no span: nothing is written")
  func nothing() { #expect(propagator.injected(.topLevel).isEmpty) }
}

import Dispatch
import OTLP
import Testing
import Tracing

@testable import Telemetry

@Suite("Span")
struct SpanTests {
  private func recorded(
    limits: TelemetryConfiguration.SpanLimits = .init(), _ body: (TelemetrySpan) throws -> Void
  ) throws -> SpanRecord {
    let recorded = RecordedTracer(limits: limits)
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .internal)
    try body(span)
    span.end()
    return try #require(recorded.ended.first)
  }

  @Test("attributes: order kept, the last value of a name wins, no nameless ones")
  func attributes() throws {
    let record = try recorded { span in
      span.setAttribute("a", 1)
      span.setAttributes([Attribute("b", 2), Attribute("", 3)])
      span.setAttribute("a", "x")
    }
    #expect(record.attributes == [Attribute("a", "x"), Attribute("b", 2)])
    #expect(record.droppedAttributesCount == 0)
  }

  @Test("attributes at start come first, and the sampler's join them")
  func startAttributes() throws {
    let recorded = RecordedTracer()
    let span = recorded.tracer.startSpan(
      "op", context: .topLevel, kind: .internal, attributes: [Attribute("early", 1)],
      links: [SpanRecord.Link(traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: 0x101)],
      at: 77)
    span.setAttribute("late", 2)
    span.end(at: 99)
    let record = try #require(recorded.ended.first)
    #expect(record.attributes.map(\.key) == ["early", "late"])
    #expect(record.links.count == 1)
    #expect(record.startUnixNanoseconds == 77 && record.endUnixNanoseconds == 99)
  }

  @Test("limits of counts: at the edge kept, beyond it dropped and counted")
  func countLimits() throws {
    var limits = TelemetryConfiguration.SpanLimits()
    limits.attributesMax = 2
    limits.eventsMax = 1
    limits.linksMax = 1
    limits.attributesPerEventMax = 1
    limits.attributesPerLinkMax = 0
    let linked = SpanContext(traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: [])
    let record = try recorded(limits: limits) { span in
      for key in ["a", "b", "c", "d"] { span.setAttribute(key, 1) }
      span.setAttribute("b", 2)
      span.addEvent("e1", attributes: [Attribute("k", 1), Attribute("l", 2)])
      span.addEvent("e2")
      span.addLink(to: linked, attributes: [Attribute("k", 1)])
      span.addLink(to: linked)
    }
    #expect(record.attributes == [Attribute("a", 1), Attribute("b", 2)])
    #expect(record.droppedAttributesCount == 2)
    #expect(record.events.map(\.name) == ["e1"])
    #expect(record.events[0].attributes == [Attribute("k", 1)])
    #expect(record.events[0].droppedAttributesCount == 1)
    #expect(record.droppedEventsCount == 1)
    #expect(record.links.count == 1 && record.droppedLinksCount == 1)
    #expect(record.links[0].attributes.isEmpty && record.links[0].droppedAttributesCount == 1)
  }

  @Test("the default limits are 128 each")
  func defaultLimits() throws {
    let linked = SpanContext(traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), flags: [])
    let record = try recorded { span in
      for number in 0..<129 {
        span.setAttribute("k\(number)", 1)
        span.addEvent("e")
        span.addLink(to: linked)
      }
    }
    #expect(record.attributes.count == 128 && record.droppedAttributesCount == 1)
    #expect(record.events.count == 128 && record.droppedEventsCount == 1)
    #expect(record.links.count == 128 && record.droppedLinksCount == 1)
  }

  @Test(
    "the limit of lengths counts characters, and bytes of byte arrays, also inside",
    arguments: [
      ("abc", "abc"), ("abcd", "abc"), ("äöüß", "äöü"), (.bytes([1, 2, 3, 4]), .bytes([1, 2, 3])),
      (["abcd", 12345], ["abc", 12345]),
      (.map([Attribute("longkey", "abcd")]), .map([Attribute("longkey", "abc")])), (true, true),
    ] as [(AttributeValue, AttributeValue)])
  func lengthLimit(value: AttributeValue, expected: AttributeValue) throws {
    var limits = TelemetryConfiguration.SpanLimits()
    limits.attributeValueLengthMax = 3
    let record = try recorded(limits: limits) { span in
      span.setAttribute("k", value)
      span.addEvent("e", attributes: [Attribute("k", value)])
    }
    #expect(record.attributes == [Attribute("k", expected)])
    #expect(record.events[0].attributes == [Attribute("k", expected)])
  }

  @Test(
    "status: ok is final, a description belongs to errors",
    arguments: [
      ([], .unset, ""),
      ([(.error, "a")], .error, "a"),
      ([(.error, "a"), (.error, "b")], .error, "b"),
      ([(.error, "a"), (.unset, "")], .error, "a"),
      ([(.error, "a"), (.ok, "ignored")], .ok, ""),
      ([(.ok, ""), (.error, "a")], .ok, ""),
    ] as [([(SpanRecord.StatusCode, String)], SpanRecord.StatusCode, String)])
  func status(
    calls: [(SpanRecord.StatusCode, String)], code: SpanRecord.StatusCode, message: String
  ) throws {
    let record = try recorded { span in
      for call in calls { span.setStatus(call.0, message: call.1) }
    }
    #expect(record.statusCode == code && record.statusMessage == message)
  }

  private struct Broken: Error, CustomStringConvertible { let description = "it broke" }

  @Test("an exception is an event; a failed span names it in error.type")
  func exception() throws {
    let record = try recorded { span in
      span.recordError(Broken(), attributes: ["extra": 1])
      span.setStatus(SpanStatus(code: .error, message: "m"))
    }
    let event = try #require(record.events.first)
    #expect(event.name == "exception")
    let attributes = Dictionary(uniqueKeysWithValues: event.attributes.map { ($0.key, $0.value) })
    #expect(attributes["exception.message"] == "it broke")
    #expect(attributes["extra"] == 1)
    guard case .string(let type)? = attributes["exception.type"] else {
      Issue.record("no exception.type")
      return
    }
    #expect(type == "TelemetryTests.SpanTests.Broken")
    #expect(record.attributes == [Attribute("error.type", .string(type))])
    #expect(record.statusMessage == "m")
  }

  @Test("error.type: the program's own word stays, and success has none")
  func errorType() throws {
    let own = try recorded { span in
      span.recordError(Broken())
      span.setAttribute("error.type", "500")
      span.setStatus(.error)
    }
    #expect(own.attributes == [Attribute("error.type", "500")])
    let handled = try recorded { $0.recordError(Broken()) }
    #expect(handled.attributes.isEmpty)
  }

  @Test("links that lead nowhere are kept only when they say something")
  func links() throws {
    let nowhere = SpanContext(traceID: .invalid, spanID: .invalid, flags: [])
    let record = try recorded { span in
      span.addLink(to: nowhere)
      span.addLink(to: nowhere, attributes: [Attribute("k", 1)])
      span.addLink(
        to: SpanContext(traceID: .invalid, spanID: .invalid, flags: [], traceState: "a=1"))
      span.addLink(
        to: SpanContext(
          traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), flags: .sampled, isRemote: true))
    }
    #expect(record.links.count == 3)
    #expect(record.links[0].attributes == [Attribute("k", 1)])
    #expect(record.links[1].traceState == "a=1")
    #expect(record.links[2].flags == 0x301 && record.links[2].spanID == SpanID(3))
  }

  @Test("after the end nothing changes")
  func afterEnd() throws {
    let recorded = RecordedTracer()
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .internal)
    span.end(at: 2_000)
    span.setAttribute("k", 1)
    span.attributes["k"] = 2
    span.addEvent("e")
    span.addLink(to: span.spanContext)
    span.setStatus(.error)
    span.operationName = "other"
    span.end(at: 3_000)
    let record = span.withRecord { copy $0 }
    #expect(record.attributes.isEmpty && record.events.isEmpty && record.links.isEmpty)
    #expect(record.statusCode == .unset && record.name == "op")
    #expect(record.endUnixNanoseconds == 2_000)
    #expect(!span.isRecording)
    #expect(recorded.ended.count == 1)
  }

  @Test("a span does not end before it starts")
  func clockSetBack() throws {
    let recorded = RecordedTracer()
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .internal, at: 5_000)
    span.end(at: 4_000)
    #expect(try #require(recorded.ended.first).endUnixNanoseconds == 5_000)
  }

  @Test("the dictionary of swift-distributed-tracing: types, order, removal, what it cannot show")
  func dictionary() throws {
    struct Custom: CustomStringConvertible, Sendable { let description = "custom" }
    let record = try recorded { span in
      span.setAttribute("first", 1)
      span.setAttribute("gone", 1)
      span.setAttribute("bytes", .bytes([1]))
      span.updateAttributes { attributes in
        attributes["gone"] = nil
        attributes.set("first", value: .stringArray(["a", "b"]))
        attributes.set("custom", value: .stringConvertible(Custom()))
      }
      #expect(span.attributes.get("first") == .stringArray(["a", "b"]))
      #expect(span.attributes.count == 2)
    }
    #expect(
      record.attributes == [
        Attribute("first", ["a", "b"]), Attribute("bytes", .bytes([1])),
        Attribute("custom", "custom"),
      ])
  }

  @Test(
    "every attribute type of swift-distributed-tracing",
    arguments: [
      (.int32(3), 3), (.int64(-4), -4), (.double(0.5), 0.5), (.bool(true), true), (.string("s"), "s"),
      (.int32Array([1, 2]), [1, 2]), (.int64Array([3]), [3]), (.doubleArray([1.5]), [1.5]),
      (.boolArray([true, false]), [true, false]), (.stringArray(["a"]), ["a"]),
      (.stringConvertible(7), "7"), (.stringConvertibleArray([8, 9]), ["8", "9"]),
    ] as [(SpanAttribute, AttributeValue)])
  func conversion(attribute: SpanAttribute, value: AttributeValue) throws {
    let record = try recorded { $0.attributes.set("k", value: attribute) }
    #expect(record.attributes == [Attribute("k", value)])
  }

  @Test("many threads use one span, and one of them ends it")
  func threads() throws {
    let recorded = RecordedTracer()
    let span = recorded.tracer.startSpan("op", context: .topLevel, kind: .internal)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for number in 0..<100 { span.setAttribute("k\(number)", .int(Int64(thread))) }
      span.end()
    }
    #expect(recorded.ended.count == 1)
    #expect(try #require(recorded.ended.first).droppedAttributesCount == 0)
  }
}

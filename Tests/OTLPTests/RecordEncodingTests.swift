import Bytes
import OTLP
import OTLPOracle
import Testing

@Suite("Record encoding, as the official definitions read it")
struct RecordEncodingTests {
  private static let traceID = TraceID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
  private static let spanID = SpanID(0x1112_1314_1516_1718)

  private func decoded(_ span: SpanRecord) throws -> JSONValue {
    var bytes = ByteQueue()
    bytes.append(field: ExportRequestEnvelope.recordField, span: span)
    return try OTLPOracle.decode("ScopeSpans", bytes.array())["spans"][0]
  }

  private func decoded(_ log: LogRecord) throws -> JSONValue {
    var bytes = ByteQueue()
    bytes.append(field: ExportRequestEnvelope.recordField, log: log)
    return try OTLPOracle.decode("ScopeLogs", bytes.array())["log_records"][0]
  }

  private func makeSpan() -> SpanRecord {
    var span = SpanRecord(
      traceID: Self.traceID, spanID: Self.spanID, parentSpanID: SpanID(0xFF),
      traceState: "a=1,b=2", flags: SpanRecord.flags(w3c: 3, isRemote: true), name: "GET /x",
      kind: .server, startUnixNanoseconds: 1_700_000_000_000_000_001)
    span.endUnixNanoseconds = 1_700_000_000_000_000_777
    span.attributes = [Attribute("k", "v")]
    span.droppedAttributesCount = 4
    span.events = [
      SpanRecord.Event(
        unixNanoseconds: 1_700_000_000_000_000_100, name: "e", attributes: [Attribute("n", 1)],
        droppedAttributesCount: 5)
    ]
    span.droppedEventsCount = 6
    span.links = [
      SpanRecord.Link(
        traceID: TraceID(high: 1, low: 2), spanID: SpanID(3), traceState: "l=1",
        flags: SpanRecord.flags(w3c: 1, isRemote: false), attributes: [Attribute("m", true)],
        droppedAttributesCount: 7)
    ]
    span.droppedLinksCount = 8
    span.statusCode = .error
    span.statusMessage = "broken"
    return span
  }

  @Test("every field of a span")
  func fullSpan() throws {
    let span = try decoded(makeSpan())
    #expect(span["trace_id"].string == "0102030405060708090a0b0c0d0e0f10")
    #expect(span["span_id"].string == "1112131415161718")
    #expect(span["parent_span_id"].string == "00000000000000ff")
    #expect(span["trace_state"].string == "a=1,b=2")
    #expect(span["flags"].int == 0x303)
    #expect(span["name"].string == "GET /x")
    #expect(span["kind"].int == 2)
    #expect(span["start_time_unix_nano"].int == 1_700_000_000_000_000_001)
    #expect(span["end_time_unix_nano"].int == 1_700_000_000_000_000_777)
    #expect(span["attributes"].attribute("k")["string_value"].string == "v")
    #expect(span["dropped_attributes_count"].int == 4)
    #expect(span["events"][0]["time_unix_nano"].int == 1_700_000_000_000_000_100)
    #expect(span["events"][0]["name"].string == "e")
    #expect(span["events"][0]["attributes"].attribute("n")["int_value"].int == 1)
    #expect(span["events"][0]["dropped_attributes_count"].int == 5)
    #expect(span["dropped_events_count"].int == 6)
    let link = span["links"][0]
    #expect(link["trace_id"].string == "00000000000000010000000000000002")
    #expect(link["span_id"].string == "0000000000000003")
    #expect(link["trace_state"].string == "l=1")
    #expect(link["flags"].int == 0x101)
    #expect(link["attributes"].attribute("m")["bool_value"].bool == true)
    #expect(link["dropped_attributes_count"].int == 7)
    #expect(span["dropped_links_count"].int == 8)
    #expect(span["status"]["code"].int == 2)
    #expect(span["status"]["message"].string == "broken")
  }

  @Test("a span leaves out what it does not have")
  func smallSpan() throws {
    var span = SpanRecord(
      traceID: Self.traceID, spanID: Self.spanID, parentSpanID: .invalid, traceState: "",
      flags: SpanRecord.flags(w3c: 1, isRemote: false), name: "n", kind: .internal,
      startUnixNanoseconds: 1)
    span.endUnixNanoseconds = 2
    #expect(
      try decoded(span).names == [
        "end_time_unix_nano", "flags", "kind", "name", "span_id", "start_time_unix_nano", "trace_id",
      ])
  }

  @Test(
    "kinds",
    arguments: [
      (SpanRecord.Kind.internal, 1), (.server, 2), (.client, 3), (.producer, 4), (.consumer, 5),
    ])
  func kinds(kind: SpanRecord.Kind, number: Int) throws {
    var span = makeSpan()
    span.kind = kind
    #expect(try decoded(span)["kind"].int == number)
  }

  @Test("every field of a log record")
  func fullLog() throws {
    var log = LogRecord(
      unixNanoseconds: 1_700_000_000_000_000_001,
      observedUnixNanoseconds: 1_700_000_000_000_000_002, severityNumber: 21,
      severityText: "CRITICAL", body: "msg", attributes: [Attribute("k", 2.5)])
    log.droppedAttributesCount = 9
    log.traceID = Self.traceID
    log.spanID = Self.spanID
    log.traceFlags = 1
    log.eventName = "order.placed"
    let record = try decoded(log)
    #expect(record["time_unix_nano"].int == 1_700_000_000_000_000_001)
    #expect(record["observed_time_unix_nano"].int == 1_700_000_000_000_000_002)
    #expect(record["severity_number"].int == 21)
    #expect(record["severity_text"].string == "CRITICAL")
    #expect(record["body"]["string_value"].string == "msg")
    #expect(record["attributes"].attribute("k")["double_value"].double == 2.5)
    #expect(record["dropped_attributes_count"].int == 9)
    #expect(record["trace_id"].string == "0102030405060708090a0b0c0d0e0f10")
    #expect(record["span_id"].string == "1112131415161718")
    #expect(record["flags"].int == 1)
    #expect(record["event_name"].string == "order.placed")
  }

  @Test("a log record outside a trace has no ids and no flags")
  func smallLog() throws {
    let log = LogRecord(
      unixNanoseconds: 1, observedUnixNanoseconds: 2, severityNumber: 9, severityText: "INFO",
      body: "", attributes: [])
    let record = try decoded(log)
    #expect(
      record.names == [
        "body", "observed_time_unix_nano", "severity_number", "severity_text", "time_unix_nano",
      ])
    #expect(record["body"]["string_value"].string == "")
  }

  @Test("ids as text")
  func texts() {
    #expect(Self.traceID.description == "0102030405060708090a0b0c0d0e0f10")
    #expect(SpanID(0xAB).description == "00000000000000ab")
    #expect(!TraceID.invalid.isValid && !SpanID.invalid.isValid)
    #expect(TraceID(high: 0, low: 1).isValid && TraceID(high: 1, low: 0).isValid)
  }
}

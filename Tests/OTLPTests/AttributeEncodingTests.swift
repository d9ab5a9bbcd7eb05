import Bytes
import OTLP
import OTLPOracle
import Testing

@Suite("Attribute encoding, as the official definitions read it")
struct AttributeEncodingTests {
  private func decoded(_ attributes: [Attribute]) throws -> JSONValue {
    var bytes = ByteQueue()
    bytes.append(field: 1, attributes: attributes)
    return try OTLPOracle.decode("KeyValueList", bytes.array())["values"]
  }

  @Test("every type of value, empty ones included")
  func types() throws {
    let values = try decoded([
      Attribute("string", "ü"), Attribute("empty", ""), Attribute("true", true),
      Attribute("false", false), Attribute("int", -5), Attribute("zero", 0),
      Attribute("double", 1.5), Attribute("bytes", .bytes([0, 255])),
      Attribute("array", ["a", 1, [true]]), Attribute("none", []),
      Attribute("map", .map([Attribute("inner", .map([Attribute("k", 7)]))])),
    ])
    #expect(values.list.count == 11)
    #expect(values.attribute("string")["string_value"].string == "ü")
    #expect(values.attribute("empty")["string_value"].string == "")
    #expect(values.attribute("true")["bool_value"].bool == true)
    #expect(values.attribute("false")["bool_value"].bool == false)
    #expect(values.attribute("int")["int_value"].int == -5)
    #expect(values.attribute("zero")["int_value"].int == 0)
    #expect(values.attribute("double")["double_value"].double == 1.5)
    #expect(values.attribute("bytes")["bytes_value"].string == "AP8=")
    let array = values.attribute("array")["array_value"]["values"]
    #expect(array[0]["string_value"].string == "a")
    #expect(array[1]["int_value"].int == 1)
    #expect(array[2]["array_value"]["values"][0]["bool_value"].bool == true)
    #expect(values.attribute("none")["array_value"].exists)
    let inner = values.attribute("map")["kvlist_value"]["values"].attribute("inner")
    #expect(inner["kvlist_value"]["values"].attribute("k")["int_value"].int == 7)
  }

  @Test("values of 127 and 128 bytes and more keep their length", arguments: [127, 128, 20_000])
  func longValues(length: Int) throws {
    let text = String(repeating: "v", count: length)
    let values = try decoded([Attribute("long", .string(text)), Attribute("after", 1)])
    #expect(values.attribute("long")["string_value"].string == text)
    #expect(values.attribute("after")["int_value"].int == 1)
  }

  @Test(
    "nesting ends with an empty value where a receiver would refuse the request",
    arguments: [(44, true), (45, true), (46, false), (200, false)])
  func arrayDepth(levels: Int, isWhole: Bool) throws {
    var value: AttributeValue = "core"
    for _ in 0..<levels { value = [value] }
    var found = try decodedEventAttribute(value)
    var seen = 0
    while found["array_value"].exists {
      found = found["array_value"]["values"][0]
      seen += 1
    }
    #expect(seen == min(levels, 45))
    #expect(found["string_value"].string == (isWhole ? "core" : nil))
  }

  @Test("maps likewise", arguments: [(29, true), (30, true), (31, false), (200, false)])
  func mapDepth(levels: Int, isWhole: Bool) throws {
    var value: AttributeValue = "core"
    for _ in 0..<levels { value = .map([Attribute("k", value)]) }
    var found = try decodedEventAttribute(value)
    var seen = 0
    while found["kvlist_value"].exists {
      found = found["kvlist_value"]["values"].attribute("k")
      seen += 1
    }
    #expect(seen == min(levels, 30))
    #expect(found["string_value"].string == (isWhole ? "core" : nil))
  }

  /// An attribute of an event, in a whole request: as deep as attributes of spans get.
  private func decodedEventAttribute(_ value: AttributeValue) throws -> JSONValue {
    var span = SpanRecord(
      traceID: TraceID(high: 1, low: 1), spanID: SpanID(1), parentSpanID: .invalid, traceState: "",
      flags: 0, name: "n", kind: .internal, startUnixNanoseconds: 1)
    span.events = [
      SpanRecord.Event(unixNanoseconds: 1, name: "e", attributes: [Attribute("deep", value)])
    ]
    var record = ByteQueue()
    record.append(field: ExportRequestEnvelope.recordField, span: span)
    var bytes = ByteQueue()
    let group = ExportRequestEnvelope.Group(
      scope: ExportRequestEnvelope.Scope(InstrumentationScope(name: "s")),
      recordBytes: record.count)
    let encoded = record.array()
    ExportRequestEnvelope(resource: ResourceMessage(attributes: []))
      .append(to: &bytes, groups: [group]) { _, bytes in bytes.append(encoded) }
    let request = try OTLPOracle.decode("ExportTraceServiceRequest", bytes.array())
    let event = request["resource_spans"][0]["scope_spans"][0]["spans"][0]["events"][0]
    return event["attributes"].attribute("deep")
  }

  @Test("a resource and a scope")
  func resourceAndScope() throws {
    var bytes = ByteQueue()
    let envelope = ExportRequestEnvelope(
      resource: ResourceMessage(
        attributes: [Attribute("service.name", "a")], droppedAttributesCount: 3,
        schemaURL: "https://schema/1"))
    let scopes = [
      InstrumentationScope(
        name: "one", version: "1.2", attributes: [Attribute("k", 1)], droppedAttributesCount: 2,
        schemaURL: "https://schema/2"),
      InstrumentationScope(name: "two"),
    ]
    let groups = scopes.map {
      ExportRequestEnvelope.Group(scope: ExportRequestEnvelope.Scope($0), recordBytes: 0)
    }
    envelope.append(to: &bytes, groups: groups) { _, _ in }
    let request = try OTLPOracle.decode("ExportTraceServiceRequest", bytes.array())
    let resource = request["resource_spans"][0]
    #expect(request["resource_spans"].list.count == 1)
    #expect(resource["schema_url"].string == "https://schema/1")
    #expect(resource["resource"]["dropped_attributes_count"].int == 3)
    let name = resource["resource"]["attributes"].attribute("service.name")
    #expect(name["string_value"].string == "a")
    let decodedScopes = resource["scope_spans"]
    #expect(decodedScopes[0]["scope"]["name"].string == "one")
    #expect(decodedScopes[0]["scope"]["version"].string == "1.2")
    #expect(decodedScopes[0]["scope"]["attributes"].attribute("k")["int_value"].int == 1)
    #expect(decodedScopes[0]["scope"]["dropped_attributes_count"].int == 2)
    #expect(decodedScopes[0]["schema_url"].string == "https://schema/2")
    #expect(decodedScopes[1]["scope"]["name"].string == "two")
    #expect(!decodedScopes[1]["schema_url"].exists)
  }
}

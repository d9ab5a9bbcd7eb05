import Logging
import OTLP
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("Metadata")
struct MetadataTests {
  struct Described: CustomStringConvertible, Sendable {
    var description: String { "described" }
  }

  @Test(
    "values keep their types",
    arguments: [
      (.string("text"), .string("text")), ("1", .string("1")),
      (.stringConvertible(7), .int(7)), (.stringConvertible(Int.min), .int(.min)),
      (.stringConvertible(true), .bool(true)), (.stringConvertible(1.5), .double(1.5)),
      (.stringConvertible(Float(0.5)), .double(0.5)), (.stringConvertible("s"), .string("s")),
      (.stringConvertible(Int8(-8)), .int(-8)), (.stringConvertible(Int16(16)), .int(16)),
      (.stringConvertible(Int32(32)), .int(32)), (.stringConvertible(Int64(64)), .int(64)),
      (.stringConvertible(UInt8(8)), .int(8)), (.stringConvertible(UInt16(16)), .int(16)),
      (.stringConvertible(UInt32(32)), .int(32)), (.stringConvertible(UInt(6)), .int(6)),
      (.stringConvertible(UInt64(Int64.max)), .int(.max)),
      // OTLP has no room for it.
      (.stringConvertible(UInt64(Int64.max) + 1), .string("9223372036854775808")),
      (.stringConvertible(Described()), .string("described")),
      (.array(["a", .stringConvertible(1), .array([])]), .array(["a", 1, .array([])])),
      (
        .dictionary(["b": "2", "a": .dictionary(["c": .stringConvertible(true)])]),
        .map([Attribute("a", .map([Attribute("c", true)])), Attribute("b", "2")])
      ),
    ] as [(Logger.MetadataValue, AttributeValue)])
  func types(value: Logger.MetadataValue, expected: AttributeValue) {
    #expect(AttributeValue(value) == expected)
  }

  @Test("nested metadata reaches both destinations with its types")
  func nested() async throws {
    let fixture = try LogFixture()
    fixture.logger().info(
      "m",
      metadata: [
        "order": .dictionary(["id": .stringConvertible(7), "tags": .array(["a", "b"])]),
        "paid": .stringConvertible(false), "ratio": .stringConvertible(0.25),
      ])
    let line = try #require(try await fixture.objects().first)["attributes"]
    #expect(line["order"]["id"].int == 7 && line["order"]["tags"][1].string == "b")
    #expect(line["paid"].bool == false && line["ratio"].double == 0.25)
    let attributes = try #require(try fixture.records().first?.record)["attributes"]
    let order = attributes.attribute("order")["kvlist_value"]["values"]
    #expect(order.attribute("id")["int_value"].int == 7)
    let tags = order.attribute("tags")["array_value"]["values"].list
    #expect(tags.map { $0["string_value"].string } == ["a", "b"])
    #expect(attributes.attribute("paid")["bool_value"].bool == false)
    #expect(attributes.attribute("ratio")["double_value"].double == 0.25)
  }

  @Test("nesting beyond the limit ends in null, and is still JSON")
  func depth() async throws {
    var value = Logger.MetadataValue.string("deep")
    for _ in 0..<attributeDepthMax { value = .array([value]) }
    let fixture = try LogFixture()
    fixture.logger().info("fits", metadata: ["a": value])
    fixture.logger().info("too deep", metadata: ["a": .array([value])])
    fixture.logger().info("too deep", metadata: ["a": .array([.dictionary(["k": value])])])
    let lines = await fixture.lines()
    #expect(lines.count == 3)
    #expect(lines[0].contains("[\"deep\"]"))
    #expect(lines[1].contains("[null]") && lines[2].contains("[null]"))
    #expect(try fixture.records().count == 3)
  }
}

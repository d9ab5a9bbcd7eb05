import Bytes
import OTLP
import OTLPOracle
import Testing

@Suite("OTLP/JSON")
struct OTLPJSONTests {
  @Test(
    "every field of every message looks as the official definitions have it",
    arguments: [
      ("ExportTraceServiceRequest", .traces), ("ExportMetricsServiceRequest", .metrics),
      ("ExportLogsServiceRequest", .logs),
    ] as [(String, OTLPJSON.Request)])
  func everyField(message: String, request: OTLPJSON.Request) throws {
    let sample = try OTLPOracle.sample(message)
    let json = try OTLPJSON.encode(request, protobuf: sample.protobuf)
    let value = try JSONValue(parsing: String(decoding: json, as: UTF8.self))
    #expect(value.isSame(as: sample.json))
    // And what the definitions read is the message that it was.
    let read = try OTLPOracle.decode(message, json: json)
    #expect(read.isSame(as: try OTLPOracle.decode(message, sample.protobuf)))
  }

  @Test(
    "an empty request; unknown fields are left out",
    arguments: [[], [0x10, 0x01], [0x12, 0x01, 0x41], [0x15, 1, 2, 3, 4]] as [[UInt8]])
  func unknown(bytes: [UInt8]) throws {
    #expect(try OTLPJSON.encode(.traces, protobuf: bytes) == Array("{}".utf8))
  }

  @Test(
    "bytes that are no request",
    arguments: [[0x0A], [0x0A, 0x05, 0x01], [0x08, 0x01], [0x0A, 0x02, 0x0A, 0x01]] as [[UInt8]])
  func malformed(bytes: [UInt8]) {
    #expect(throws: ProtobufReader.Malformed.self) {
      try OTLPJSON.encode(.traces, protobuf: bytes)
    }
  }

  @Test(
    "values at their edges",
    arguments: [
      (.int(.min), "{\"intValue\":\"-9223372036854775808\"}"), (.int(0), "{\"intValue\":\"0\"}"),
      (.double(.nan), "{\"doubleValue\":\"NaN\"}"),
      (.double(-.infinity), "{\"doubleValue\":\"-Infinity\"}"),
      (.double(0), "{\"doubleValue\":0.0}"), (.bool(false), "{\"boolValue\":false}"),
      (.string("\"\\\n\u{1}\u{e9}"), "{\"stringValue\":\"\\\"\\\\\\n\\u0001\u{e9}\"}"),
      (.bytes([]), "{\"bytesValue\":\"\"}"), (.bytes([0]), "{\"bytesValue\":\"AA==\"}"),
      (.bytes([0xFB, 0xFF]), "{\"bytesValue\":\"+/8=\"}"),
      (.bytes([1, 2, 3]), "{\"bytesValue\":\"AQID\"}"),
      (.bytes([1, 2, 3, 255]), "{\"bytesValue\":\"AQID/w==\"}"),
      (.array([]), "{\"arrayValue\":{}}"),
      (.array([1]), "{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"}]}}"),
      (.map([]), "{\"kvlistValue\":{}}"),
    ] as [(AttributeValue, String)])
  func values(value: AttributeValue, expected: String) throws {
    let resource = ResourceMessage(attributes: [Attribute("k", value)])
    var bytes = ByteQueue()
    ExportRequestEnvelope(resource: resource).append(to: &bytes, groups: []) { _, _ in }
    let json = try OTLPJSON.encode(.logs, protobuf: bytes.array())
    let attribute = "{\"key\":\"k\",\"value\":\(expected)}"
    #expect(
      String(decoding: json, as: UTF8.self)
        == "{\"resourceLogs\":[{\"resource\":{\"attributes\":[\(attribute)]}}]}")
    _ = try OTLPOracle.decode("ExportLogsServiceRequest", json: json)
  }
}

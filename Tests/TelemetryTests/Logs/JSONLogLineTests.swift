import Bytes
import Foundation
import OTLP
import OTLPOracle
import Testing

@testable import Telemetry

@Suite("JSON lines")
struct JSONLogLineTests {
  private func line(
    _ message: String = "m", logger: String = "l", _ attributes: [Attribute] = []
  ) -> String {
    var bytes = ByteQueue()
    var time = TimestampText()
    let record = LogRecord(
      unixNanoseconds: 0, observedUnixNanoseconds: 0, severityNumber: 9, severityText: "INFO",
      body: message, attributes: attributes)
    JSONLogLineFormat().append(
      LogEntry(record: record, logger: logger, scope: 0), to: &bytes, time: &time)
    return String(decoding: bytes.array(), as: UTF8.self)
  }

  @Test("a line: order, separators, one end")
  func exact() {
    #expect(
      line("hello", logger: "app", [Attribute("b", 1), Attribute("a", ["x", true])])
        == "{\"timestamp\":\"1970-01-01T00:00:00.000000Z\",\"level\":\"INFO\",\"logger\":\"app\","
        + "\"message\":\"hello\",\"attributes\":{\"b\":1,\"a\":[\"x\",true]}}\n")
  }

  /// Texts that a careless encoder breaks on.
  static let texts: [String] =
    (UInt32(0)...0x9F).compactMap { Unicode.Scalar($0).map { "a\(Character($0))b" } } + [
      "", "\r\n", "\u{2028}\u{2029}", "\u{fffd}\u{feff}", "\u{1F469}\u{200D}\u{1F4BB}", "e\u{301}",
      "\\\"", "\"},{\"x\":\"", "</script>", "\u{10FFFF}", String(decoding: [0xFF, 0xC0], as: UTF8.self),
      String(repeating: "long ", count: 5_000),
    ]

  @Test("any text survives, as message, as the logger's name, as key and as value; one line each")
  func escaping() throws {
    for text in Self.texts {
      let line = line(
        text, logger: text,
        [Attribute("k\(text)", .string(text)), Attribute("m", .map([Attribute(text, "v")]))])
      #expect(line.utf8.last == UInt8(ascii: "\n"))
      #expect(line.utf8.count { $0 < 0x20 } == 1, "\(text.debugDescription)")
      let value = try JSONValue(parsing: line)
      #expect(value["message"].string == text && value["logger"].string == text)
      #expect(value["attributes"]["k\(text)"].string == text)
      #expect(value["attributes"]["m"][text].string == "v")
    }
  }

  @Test(
    "values that JSON has no form for",
    arguments: [
      (.double(.nan), "\"NaN\""), (.double(.infinity), "\"Infinity\""),
      (.double(-.infinity), "\"-Infinity\""), (.bytes([0x00, 0xFF]), "\"00ff\""),
      (.bytes([]), "\"\""), (.int(.min), "-9223372036854775808"), (.double(-0.0), "-0.0"),
      (.double(1e300), "1e+300"), (.array([]), "[]"), (.map([]), "{}"),
    ] as [(AttributeValue, String)])
  func values(value: AttributeValue, expected: String) throws {
    let line = line("m", [Attribute("a", value)])
    #expect(line.contains("\"attributes\":{\"a\":\(expected)}"))
    _ = try JSONValue(parsing: line)
  }

  @Test(
    "timestamps: to the microsecond, across days and years",
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z", "00:00:00.000"),
      (999_999_999, "1970-01-01T00:00:00.999999Z", "00:00:00.999"),
      (951_782_399_000_001_000, "2000-02-28T23:59:59.000001Z", "23:59:59.000"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z", "00:00:00.000"),
      (1_767_225_599_123_000_000, "2025-12-31T23:59:59.123000Z", "23:59:59.123"),
      (4_102_444_800_000_000_000, "2100-01-01T00:00:00.000000Z", "00:00:00.000"),
    ] as [(UInt64, String, String)])
  func timestamps(nanoseconds: UInt64, date: String, timeOfDay: String) {
    var time = TimestampText()
    var bytes = ByteQueue()
    // The text of another second must not stay.
    time.append(1_000_000_000, to: &bytes)
    bytes.removeAll()
    time.append(nanoseconds, to: &bytes)
    time.append(timeOfDay: nanoseconds, to: &bytes)
    #expect(String(decoding: bytes.array(), as: UTF8.self) == date + timeOfDay)
  }
}

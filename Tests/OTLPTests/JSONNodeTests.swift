import OTLP
import Testing

@Suite("JSON from receivers")
struct JSONNodeTests {
  private func parsed(_ text: String) -> JSONNode? { JSONNode(parsing: Array(text.utf8)) }

  @Test(
    "values",
    arguments: [
      ("null", .null), (" true\n", .bool(true)), ("\tfalse\r", .bool(false)), ("0", .number("0")),
      ("-0", .number("-0")), ("12.50e+3", .number("12.50e+3")), ("1E-2", .number("1E-2")),
      ("\"\"", .string("")), ("\"a\u{e9}\u{1F469}\"", .string("a\u{e9}\u{1F469}")),
      ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", .string("\"\\/\u{8}\u{C}\n\r\t")),
      ("\"\\u00e9\\u20AC\\ud83d\\udc69x\"", .string("\u{e9}\u{20AC}\u{1F469}x")),
      ("\"\\ud83d\"", .string("\u{fffd}")), ("\"\\udc69\\ud83dx\"", .string("\u{fffd}\u{fffd}x")),
      ("\"\\ud83d\\u0041\"", .string("\u{fffd}A")), ("\"\\ud83d\\n\"", .string("\u{fffd}\n")),
      ("[]", .array([])), ("[ 1 , \"a\" ,[] ]", .array([.number("1"), .string("a"), .array([])])),
      ("{}", .object([:])),
      ("{ \"a\" : 1 , \"b\":{} }", .object(["a": .number("1"), "b": .object([:])])),
      ("{\"a\":1,\"a\":2}", .object(["a": .number("2")])),
    ] as [(String, JSONNode)])
  func valid(text: String, node: JSONNode) {
    #expect(parsed(text) == node)
  }

  @Test(
    "what is no JSON",
    arguments: [
      "", " ", "nul", "nulll", "tru", "True", "+1", "01", "1.", ".5", "1e", "1e+", "-", "0x1", "\"",
      "\"a", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\u{0}\"", "[", "[1", "[1,",
      "[1,]", "[,1]", "[1 2]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}",
      "{a:1}", "{1:1}", "{\"a\" 1}", "1 2", "{} x", "]", "'a'", "NaN",
    ])
  func invalid(text: String) {
    #expect(parsed(text) == nil)
  }

  @Test("nesting at the limit, and one level deeper")
  func depth() {
    func nested(_ depth: Int, _ open: String, _ close: String) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    #expect(parsed(nested(16, "[", "]")) != nil && parsed(nested(17, "[", "]")) == nil)
    #expect(parsed(nested(16, "{\"a\":", "}")) != nil && parsed(nested(17, "{\"a\":", "}")) == nil)
    #expect(parsed(String(repeating: "[", count: 1_000_000)) == nil)
  }

  @Test("looking into it")
  func access() throws {
    let node = try #require(parsed("{\"a\":{\"b\":\"5\",\"c\":7,\"d\":1.5,\"e\":null}}"))
    #expect(node["a"]["b"].string == "5" && node["a"]["b"].integer == 5)
    #expect(node["a"]["c"].integer == 7 && node["a"]["c"].string == nil)
    #expect(node["a"]["d"].integer == nil && node["a"]["e"].integer == nil)
    #expect(node["x"]["y"] == .null)
  }

  @Test(
    "partial success and status in JSON",
    arguments: [
      ("{}", nil), ("{\"partialSuccess\":{}}", nil), ("{\"partialSuccess\":null}", nil), ("7", nil),
      ("{\"partialSuccess\":{\"rejectedSpans\":\"4\",\"errorMessage\":\"old\"}}", (4, "old")),
      ("{\"partialSuccess\":{\"rejectedDataPoints\":4}}", (4, "")),
      ("{\"partialSuccess\":{\"rejectedLogRecords\":\"4\"}}", (4, "")),
      ("{\"partialSuccess\":{\"errorMessage\":\"slow\"}}", (0, "slow")),
      ("{\"partialSuccess\":{\"rejectedSpans\":\"-4\",\"errorMessage\":\"odd\"}}", (0, "odd")),
    ] as [(String, (Int, String)?)])
  func partialSuccess(text: String, expected: (count: Int, message: String)?) throws {
    let partial = PartialSuccess.decode(json: try #require(parsed(text)))
    #expect(partial?.rejectedCount == expected?.count && partial?.message == expected?.message)
  }

  @Test("a status, and messages of any length")
  func status() throws {
    let status = RPCStatus.decode(json: try #require(parsed("{\"code\":3,\"message\":\"no\"}")))
    #expect(status == RPCStatus(code: 3, message: "no"))
    #expect(RPCStatus.decode(json: .null) == RPCStatus(code: 0, message: ""))
    let text = String(repeating: "x", count: 1_025)
    let long = RPCStatus.decode(json: .object(["message": .string(text)]))
    #expect(long.message.utf8.count == PartialSuccess.messageBytesMax)
  }
}

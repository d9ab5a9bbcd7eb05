import APIDescription
import Bytes
import Testing

@Suite struct JSONValueTests {
  @Test(arguments: [
    (nil, "null"), (true, "true"), (false, "false"), (0, "0"), (-7, "-7"),
    (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"),
    ("", "\"\""), ("é\"\\\n\u{1}/", #""é\"\\\n\u0001/""#), ([], "[]"), (.object([]), "{}"),
    ([1, ["a"], nil], #"[1,["a"],null]"#),
    (["b": 1, "a": [:], "b\"": [true]], #"{"b":1,"a":{},"b\"":[true]}"#),
  ] as [(JSONValue, String)])
  func isWritten(_ value: JSONValue, _ text: String) {
    var queue = ByteQueue(capacity: 16)
    value.append(to: &queue)
    #expect(String(decoding: queue.array(), as: UTF8.self) == text)
  }
}

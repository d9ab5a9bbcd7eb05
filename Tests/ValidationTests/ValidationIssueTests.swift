import Testing
import Validation

/// The bodies of 422 answers, as the clients of the service know them.
@Suite struct ValidationIssueTests {
  private func body(_ issues: [ValidationIssue]) -> String {
    String(decoding: ValidationIssue.body(issues), as: UTF8.self)
  }

  @Test(arguments: [
    (.missing("username"), "missing", "Field required", "null"),
    (.notAnInteger("username", input: "abc"), "int_parsing",
     "Input should be a valid integer, unable to parse string as an integer", #""abc""#),
    (.integerTooLong("username", input: "9"), "int_parsing_size",
     "Unable to parse input string as an integer, exceeded maximum size", #""9""#),
    (.tooLarge("username", input: "11", limit: 10), "less_than_equal",
     "Input should be less than or equal to 10", #""11""#),
    (.tooLarge("username", input: "x", limit: .max), "less_than_equal",
     "Input should be less than or equal to 9223372036854775807", #""x""#),
    (.tooSmall("username", input: " 0", limit: 1), "greater_than_equal",
     "Input should be greater than or equal to 1", #"" 0""#),
    (.empty("username"), "string_too_short", "String should have at least 1 character", #""""#),
    (.tooLong("username", input: "ab", limit: 1), "string_too_long",
     "String should have at most 1 characters", #""ab""#),
  ] as [(ValidationIssue, String, String, String)])
  func oneIssue(_ issue: ValidationIssue, _ type: String, _ message: String, _ input: String) {
    #expect(
      body([issue])
        == #"{"detail":[{"type":"\#(type)","loc":["query","username"],"msg":"\#(message)","input":\#(input)}]}"#)
  }

  @Test func allIssuesInOrder() {
    #expect(
      body([.missing("b"), .empty("a"), .missing("b")])
        == #"{"detail":[{"type":"missing","loc":["query","b"],"msg":"Field required","input":null},"#
        + #"{"type":"string_too_short","loc":["query","a"],"msg":"String should have at least 1 character","input":""},"#
        + #"{"type":"missing","loc":["query","b"],"msg":"Field required","input":null}]}"#)
    #expect(body([]) == #"{"detail":[]}"#)
  }

  @Test func whatWasGivenIsJSON() {
    #expect(body([.notAnInteger("a", input: "\"\\\u{1}é\u{FFFD}")]).contains(#"\"\\\u0001é�"#))
  }
}

import APIDescription
import HTTPServer
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct OperationTests {
  private static let operation = Operation(
    .get, "/", operationID: "read", tag: "tag", summary: "Reads", description: "Reads it all.",
    parameters: TextParameter("name", charactersMax: 3, "A name.", example: "ann"),
    IntegerParameter("number", in: -5...10, "A number.", example: 4),
    IntegerParameter("limit", in: 1...2, "A limit.", example: 1).optional,
    IdempotencyKeyParameter(), responses: [])

  /// Answers what it read, or what is wrong with it.
  private func answer(
    _ query: String, _ fields: [HTTPField] = []
  ) async throws -> TestServer.Answer {
    let server = try await TestServer { router in
      router.add(Self.operation) { _, name, number, limit, key in
        let text = "\(name)|\(number)|\(limit.map { "\($0)" } ?? "")\(key.map { "|\($0)" } ?? "")"
        return ServerResponse(body: .bytes(Array(text.utf8)))
      }
    }
    let answer = try await server.send(.get, "/?\(query)", fields)
    await server.stop()
    return answer
  }

  private func key(_ value: String) -> [HTTPField] {
    [HTTPField(name: IdempotencyKey.fieldName, value: value)]
  }

  @Test func readsTheKey() async throws {
    #expect(try await answer("name=a&number=4", key("k")).body == "a|4||k")
  }

  /// What is wrong with the query comes first, all of it; then the key.
  @Test func refusesTheKeyBehindTheQuery() async throws {
    let query = try await answer("name=a&number=x", key("a b"))
    #expect(query.status == 422)
    #expect(query.body.contains("int_parsing"))
    let refused = try await answer("name=a&number=4", key("a b"))
    #expect((refused.status, refused.body) == (400, #"{"detail":"\#(IdempotencyKey.complaint)"}"#))
  }

  /// Everything that is read is told, in the order in which it is read.
  @Test func isDescribedByWhatItReads() {
    let parameters = Self.operation.endpoint.parameters
    #expect(parameters.map(\.name) == ["name", "number", "limit", "Idempotency-Key"])
    #expect(parameters.map(\.isRequired) == [true, true, false, false])
    #expect(parameters.map(\.location) == [.query, .query, .query, .header])
  }

  @Test(arguments: [
    ("name=a&number=4", "a|4|"), ("number=4&name=a&limit=1", "a|4|1"),
    ("name=abc&number=10", "abc|10|"), ("name=a&number=-5&limit=2", "a|-5|2"),
    ("name=%C3%A9%F0%9F%A7%BE%E6%97%A5&number=0", "é🧾日|0|"), ("name=+&number=+4+", " |4|"),
    ("name=a&name=b&number=x&number=1", "b|1|"), ("name=a&number=4.0&more=1", "a|4|"),
    ("name=%ff&number=0-5", "\u{FFFD}|-5|"), ("name=a%00&number=1_0", "a\0|10|"),
  ])
  func reads(_ query: String, _ values: String) async throws {
    let answer = try await answer(query)
    #expect((answer.status, answer.body) == (200, values))
  }

  @Test(arguments: [
    ("", ["missing name null", "missing number null"]),
    ("Name=a&NUMBER=1", ["missing name null", "missing number null"]),
    ("name=&number=", [#"string_too_short name """#, #"int_parsing number """#]),
    ("name=abcd&number=11", [#"string_too_long name "abcd""#, #"less_than_equal number "11""#]),
    ("name=a&number=-6", [#"greater_than_equal number "-6""#]),
    ("name=a&number=9223372036854775808",
     [#"less_than_equal number "9223372036854775808""#]),
    ("name=a&number=-9223372036854775809",
     [#"greater_than_equal number "-9223372036854775809""#]),
    ("name=a&number=0-9223372036854775809",
     [#"greater_than_equal number "0-9223372036854775809""#]),
    ("name=a&number=x&limit=0", [#"int_parsing number "x""#, #"greater_than_equal limit "0""#]),
    ("name=a&number=1&limit=3", [#"less_than_equal limit "3""#]),
    ("name=a&number=1&limit=", [#"int_parsing limit """#]),
  ])
  func refuses(_ query: String, _ issues: [String]) async throws {
    let answer = try await answer(query)
    #expect(answer.status == 422)
    let found = answer.body.matches(
      of: /"type":"(\w+)","loc":\["query","(\w+)"\],"msg":"[^"]+","input":("[^"]*"|null)/)
    #expect(found.map { "\($0.1) \($0.2) \($0.3)" } == issues)
  }

  @Test(arguments: [(4300, "less_than_equal"), (4301, "int_parsing_size")])
  func boundsDigits(_ count: Int, _ type: String) async throws {
    let answer = try await answer("name=a&number=\(String(repeating: "9", count: count))")
    #expect(answer.status == 422)
    #expect(answer.body.contains(#""type":"\#(type)""#))
  }
}

import HTTPServer
import HTTPTypes
import ServiceKit
import TestSupport
import Testing

/// What requests say in fields of their own: the key of a repetition, and how long the sender waits.
@Suite(.timeLimit(.minutes(1))) struct RequestFieldTests {
  private func answer(
    _ fields: [HTTPField], _ handler: @escaping @Sendable (ServerRequest) -> String
  ) async throws -> String {
    let server = try await TestServer { router in
      router.add(.post, "/") { ServerResponse(body: .bytes(Array(handler($0).utf8))) }
    }
    let answer = try await server.send(.post, "/", fields)
    await server.stop()
    return answer.body
  }

  private func key(_ values: [String]) async throws -> String {
    let fields = values.map { HTTPField(name: IdempotencyKey.fieldName, value: $0) }
    return try await answer(fields) { request in
      do throws(IdempotencyKey.Invalid) {
        return try IdempotencyKey.read(request.head) ?? "none"
      } catch {
        return "\(error.response.status.code)"
      }
    }
  }

  @Test(arguments: [
    [], ["k"], ["!"], ["~"], ["!\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~"],
    [String(repeating: "k", count: 255)],
  ])
  func keysThatCanBeUsed(_ values: [String]) async throws {
    #expect(try await key(values) == values.first ?? "none")
  }

  @Test(arguments: [
    [""], ["a b"], ["é"], ["a\tb"], [String(repeating: "k", count: 256)], ["a", "a"], ["a", ""],
  ])
  func keysThatCannot(_ values: [String]) async throws {
    #expect(try await key(values) == "400")
  }

  @Test(arguments: [
    (.zero, "0"), (.seconds(-1), "0"), (.microseconds(999), "0"), (.milliseconds(1), "1"),
    (.milliseconds(1) + .nanoseconds(999_999), "1"), (.seconds(2), "2000"),
  ] as [(Duration, String)])
  func aBudgetIsWritten(_ time: Duration, _ value: String) {
    #expect(RequestBudget.value(time) == value)
  }

  @Test(arguments: [("999999999", 999_999_999), ("60000", 60_000), ("0", 0)])
  func aBudgetIsReadAndRunsOut(_ value: String, _ milliseconds: Int) async throws {
    let field = HTTPField(name: RequestBudget.fieldName, value: value)
    let text = try await answer([field]) { request in
      let first = RequestBudget.remaining(request) ?? .seconds(-1000)
      let second = RequestBudget.remaining(request) ?? .seconds(-1000)
      return "\(first <= .milliseconds(milliseconds) && first > .milliseconds(milliseconds - 30_000)) \(second < first)"
    }
    #expect(text == "true true")
  }

  @Test(arguments: ["", "-1", "+1", "1.5", "1s", "1000000000", "٣", "0x1"])
  func whatIsNoBudget(_ value: String) async throws {
    let field = HTTPField(name: RequestBudget.fieldName, value: value)
    #expect(try await answer([field]) { "\(RequestBudget.remaining($0) == nil)" } == "true")
    #expect(try await answer([]) { "\(RequestBudget.remaining($0) == nil)" } == "true")
  }
}

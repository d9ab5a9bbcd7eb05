import HTTP1
import HTTPServer
import HTTPTypes
import ServiceKit
import TestSupport

/// A server that answers as an inventory might, and remembers what it was asked.
final class InventoryStandIn: Sendable {
  struct Call: Sendable {
    let target: String
    let key: String?
    /// Milliseconds that the caller said it waits.
    let budget: Int?
  }

  typealias Answer = @Sendable (_ number: Int) async throws -> ServerResponse

  private let log: Log<Call>
  let server: TestServer

  init(_ answer: @escaping Answer) async throws {
    let log = Log<Call>()
    self.log = log
    let handler: Handler = { request in
      log.append(
        Call(
          target: request.head.target, key: request.head[IdempotencyKey.fieldName],
          budget: request.head[RequestBudget.fieldName].flatMap { Int($0) }))
      return try await answer(log.values.count - 1)
    }
    server = try await TestServer { router in
      router.add(.post, "/reduce-stock", handler: handler)
      router.add(.get, "/list-products", handler: handler)
      router.add(.get, "/health/live") { _ in .json(Array("{}".utf8)) }
    }
  }

  /// Answers one after another; the last one again and again.
  convenience init(_ answers: [(status: Int, body: String)]) async throws {
    try await self.init { number in
      let (status, body) = answers[min(number, answers.count - 1)]
      return .json(Array(body.utf8), status: HTTPResponse.Status(code: status))
    }
  }

  var calls: [Call] { log.values }

  static func reduced(_ productID: Int = 2) -> String {
    #"{"message":"Stock reduced","product":{"id":\#(productID),"name":"Tablet","stock":3}}"#
  }
}

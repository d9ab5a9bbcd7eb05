import HTTPTypes
import InventoryAPI
import InventoryCore
import InventoryHTTP
import Logging
import MetricsTestKit
import CoreMetrics
import ServiceKit
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct InventoryRoutesTests {
  /// The endpoints over a store of this test alone.
  private struct Service {
    let directory: TemporaryDirectory
    let store: SQLiteStockStore
    let server: TestServer

    init() async throws {
      directory = try TemporaryDirectory()
      let store = try SQLiteStockStore(path: directory.file("inventory.sqlite"))
      self.store = store
      let routes = InventoryRoutes(
        store: store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
      server = try await TestServer { routes.add(to: &$0) }
    }

    func post(
      _ target: String, key: String? = nil, budget: String? = nil
    ) async throws -> TestServer.Answer {
      var fields: [HTTPField] = []
      if let key { fields.append(HTTPField(name: IdempotencyKey.fieldName, value: key)) }
      if let budget { fields.append(HTTPField(name: RequestBudget.fieldName, value: budget)) }
      return try await server.send(.post, target, fields)
    }

    func stop() async {
      await server.stop()
      store.close()
    }
  }

  @Test func listsProducts() async throws {
    let service = try await Service()
    let answer = try await service.server.send(.get, "/list-products")
    #expect(answer.status == 200)
    #expect(answer[.contentType] == "application/json")
    #expect(answer.body.hasPrefix(#"[{"id":1,"name":"Laptop","stock":8},{"id":2,"name":"Smart"#))
    await service.stop()
  }

  @Test(arguments: [
    ("/reduce-stock?product_id=1", 200,
     #"{"message":"Stock reduced","product":{"id":1,"name":"Laptop","stock":7}}"#),
    ("/reduce-stock?product_id=9", 400, #"{"detail":"Product not found"}"#),
    ("/reduce-stock?product_id=-9223372036854775808", 400, #"{"detail":"Product not found"}"#),
    ("/reduce-stock", 422,
     #"{"detail":[{"type":"missing","loc":["query","product_id"],"msg":"Field required","input":null}]}"#),
    ("/restock?product_id=1&quantity=1", 200,
     #"{"message":"Restocked","product":{"id":1,"name":"Laptop","stock":9}}"#),
    ("/restock?product_id=1&quantity=1000000000", 200,
     #"{"message":"Restocked","product":{"id":1,"name":"Laptop","stock":1000000008}}"#),
    ("/restock?product_id=9&quantity=1", 400, #"{"detail":"Product not found"}"#),
    ("/restock?product_id=1&quantity=0", 422,
     #"{"detail":[{"type":"greater_than_equal","loc":["query","quantity"],"msg":"Input should be greater than or equal to 1","input":"0"}]}"#),
    ("/restock?product_id=1&quantity=1000000001", 422,
     #"{"detail":[{"type":"less_than_equal","loc":["query","quantity"],"msg":"Input should be less than or equal to 1000000000","input":"1000000001"}]}"#),
  ])
  func answers(_ target: String, _ status: Int, _ body: String) async throws {
    let service = try await Service()
    let answer = try await service.post(target)
    #expect(answer.status == status)
    #expect(answer.body == body)
    await service.stop()
  }

  @Test func aSoldOutProduct() async throws {
    let service = try await Service()
    for _ in 0..<8 {
      #expect(try await service.post("/reduce-stock?product_id=1").status == 200)
    }
    let answer = try await service.post("/reduce-stock?product_id=1")
    #expect(answer.status == 400)
    #expect(answer.body == #"{"detail":"Product unavailable"}"#)
    await service.stop()
  }

  @Test func aFullShelf() async throws {
    let service = try await Service()
    _ = try await service.store.restock(productID: 1, quantity: .max - 8)
    let answer = try await service.post("/restock?product_id=1&quantity=1")
    #expect(answer.status == 400)
    #expect(answer.body == #"{"detail":"Stock would be too large"}"#)
    await service.stop()
  }

  @Test func aRepeatedKey() async throws {
    let service = try await Service()
    let key = String(repeating: "k", count: IdempotencyKey.bytesMax)
    let once = try await service.post("/reduce-stock?product_id=1", key: key)
    #expect(once.status == 200)
    _ = try await service.post("/reduce-stock?product_id=1")
    let again = try await service.post("/reduce-stock?product_id=1", key: key)
    #expect((again.status, again.body) == (once.status, once.body))
    let other = try await service.post("/reduce-stock?product_id=2", key: key)
    #expect(other.status == 422)
    #expect(other.body == #"{"detail":"Idempotency-Key was used with other parameters"}"#)
    #expect(try await service.store.listProducts().map(\.stock) == [6, 24, 15, 50, 30])
    await service.stop()
  }

  @Test func aRepeatedRestock() async throws {
    let service = try await Service()
    let once = try await service.post("/restock?product_id=1&quantity=3", key: "k")
    #expect(once.body.contains(#""stock":11"#))
    _ = try await service.post("/reduce-stock?product_id=1")
    let again = try await service.post("/restock?product_id=1&quantity=3", key: "k")
    #expect((again.status, again.body) == (200, once.body))
    let other = try await service.post("/restock?product_id=1&quantity=4", key: "k")
    #expect(other.status == 422)
    #expect(other.body == #"{"detail":"Idempotency-Key was used with other parameters"}"#)
    #expect(try await service.post("/restock?product_id=1&quantity=3", key: "").status == 400)
    #expect(try await service.store.listProducts().first?.stock == 10)
    await service.stop()
  }

  @Test(arguments: ["", "a b", "é", "a\tb", String(repeating: "k", count: 256)])
  func aKeyThatCannotBeUsed(_ key: String) async throws {
    let service = try await Service()
    let answer = try await service.post("/reduce-stock?product_id=1", key: key)
    #expect(answer.status == 400)
    #expect(
      answer.body == #"{"detail":"Idempotency-Key must be 1 to 255 visible ASCII characters"}"#)
    #expect(try await service.store.listProducts().first?.stock == 8)
    await service.stop()
  }

  @Test func twoKeys() async throws {
    let service = try await Service()
    let field = HTTPField(name: IdempotencyKey.fieldName, value: "k")
    let answer = try await service.server.send(
      .post, "/reduce-stock?product_id=1", [field, field])
    #expect(answer.status == 400)
    await service.stop()
  }

  @Test func nobodyWorksForACallerWhoHasGone() async throws {
    let service = try await Service()
    let late = try await service.post("/reduce-stock?product_id=1", budget: "0")
    #expect(late.status == 503)
    #expect(late.body == #"{"detail":"Inventory store unavailable"}"#)
    #expect(late[.retryAfter] == "1")
    #expect(try await service.post("/reduce-stock?product_id=1", budget: "60000").status == 200)
    // What is not understood limits nothing.
    for budget in ["", "-1", "1.5", "soon", "9999999999"] {
      let answer = try await service.post("/reduce-stock?product_id=2", budget: budget)
      #expect(answer.status == 200, "\(budget)")
    }
    #expect(try await service.store.listProducts().map(\.stock) == [7, 19, 15, 50, 30])
    await service.stop()
  }

  @Test(arguments: [
    (HTTPRequest.Method.get, "/list-products"), (.post, "/reduce-stock?product_id=1"),
    (.post, "/restock?product_id=1&quantity=1"),
  ])
  func aBrokenStore(_ method: HTTPRequest.Method, _ target: String) async throws {
    let service = try await Service()
    service.store.close()
    let answer = try await service.server.send(method, target)
    #expect(answer.status == 503)
    #expect(answer.body == #"{"detail":"Inventory store unavailable"}"#)
    #expect(answer[.retryAfter] == "1")
    await service.stop()
  }

  @Test func gaugesShowTheStock() throws {
    let metrics = TestMetrics()
    try withMetricsFactory(metrics) {
      let gauges = StockGauges()
      gauges.record(Product(id: 1, name: "Laptop", stock: 8))
      gauges.record(Product(id: 2, name: "Tablet", stock: 5))
      gauges.record(Product(id: 1, name: "Laptop", stock: 7))
      let laptops = try metrics.expectRecorder("inventory.stock", [("product", "Laptop")])
      #expect(laptops.values == [8, 7])
      let tablets = try metrics.expectRecorder("inventory.stock", [("product", "Tablet")])
      #expect(tablets.values == [5])
    }
  }
}

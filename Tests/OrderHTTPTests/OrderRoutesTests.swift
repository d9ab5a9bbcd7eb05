import HTTPTypes
import InventoryAPI
import InventoryCore
import InventoryHTTP
import Logging
import OrderCore
import OrderHTTP
import ServiceKit
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1))) struct OrderRoutesTests {
  private static let down = #"{"detail":"Inventory service unavailable"}"#
  private static let placed = #"{"message":"Order placed successfully","order_id":1}"#

  @Test func anOrderIsPlacedAndListed() async throws {
    let inventory = try await InventoryStandIn([(200, InventoryStandIn.reduced())])
    let orders = try await OrderServer(inventory: inventory.server.url)
    let answer = try await orders.order("username=z%C3%B6e%00&product_id=2")
    #expect((answer.status, answer.body) == (200, Self.placed))
    let list = try await orders.get("/list-orders").body
    #expect(list.hasPrefix(#"[{"username":"zöe\u0000","product_name":"Tablet","order_date":"20"#))
    #expect(list.hasSuffix(#","order_id":1,"product_id":2}]"#))
    await orders.stop()
    await inventory.server.stop()
  }

  /// What the inventory answers, and what the client is told.
  @Test(arguments: [
    (400, #"{"detail":"Product unavailable"}"#, 400, #"{"detail":"Product unavailable"}"#),
    (400, #"{"detail":"Product not found"}"#, 400, #"{"detail":"Product unavailable"}"#),
    (500, "", 503, down), (503, "{}", 503, down), (200, "oops", 503, down), (422, "{}", 503, down),
  ])
  func tellsWhatTheInventorySays(
    _ status: Int, _ body: String, _ told: Int, _ tellsBody: String
  ) async throws {
    let inventory = try await InventoryStandIn([(status, body)])
    let orders = try await OrderServer(inventory: inventory.server.url)
    let answer = try await orders.order()
    #expect((answer.status, answer.body) == (told, tellsBody))
    #expect(answer[.retryAfter] == (told == 503 ? "1" : nil))
    #expect(try await orders.get("/list-orders").body == "[]")
    await orders.stop()
    await inventory.server.stop()
  }

  @Test(arguments: [
    ("", #"{"type":"missing","loc":["query","username"],"msg":"Field required","input":null},{"type":"missing","loc":["query","product_id"],"msg":"Field required","input":null}"#),
    ("username=&product_id=1", #"{"type":"string_too_short","loc":["query","username"],"msg":"String should have at least 1 character","input":""}"#),
    ("username=a&product_id=abc", #"{"type":"int_parsing","loc":["query","product_id"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"abc"}"#),
    ("username=a&product_id=9223372036854775808", #"{"type":"less_than_equal","loc":["query","product_id"],"msg":"Input should be less than or equal to 9223372036854775807","input":"9223372036854775808"}"#),
  ])
  func refusesParameters(_ query: String, _ issues: String) async throws {
    let orders = try await OrderServer()
    let answer = try await orders.order(query)
    #expect((answer.status, answer.body) == (422, #"{"detail":[\#(issues)]}"#))
    #expect(try await orders.store.lastOrderID() == 0)
    await orders.stop()
  }

  /// Who says how long he waits is not worked for afterwards, and neither is the inventory asked to.
  @Test func takesNoLongerThanItsSenderWaits() async throws {
    let inventory = try await InventoryStandIn([(200, InventoryStandIn.reduced())])
    let orders = try await OrderServer(inventory: inventory.server.url, timeout: .seconds(60))
    func order(within milliseconds: Int) async throws -> TestServer.Answer {
      try await orders.server.send(
        .post, "/order-product?username=ann&product_id=2",
        [HTTPField(name: RequestBudget.fieldName, value: "\(milliseconds)")])
    }
    let late = try await order(within: 0)
    #expect((late.status, late.body) == (503, #"{"detail":"Order store unavailable"}"#))
    #expect(late[.retryAfter] == "1")
    #expect(try await orders.store.lastOrderID() == 0)
    #expect(inventory.calls.isEmpty)
    #expect(try await order(within: 20_000).status == 200)
    #expect(try await order(within: 90_000).status == 200)
    let budgets = inventory.calls.compactMap(\.budget)
    #expect(budgets.count == 2)
    #expect(1...20_000 ~= budgets[0])
    #expect(20_001...60_000 ~= budgets[1], "nor longer than the service itself allows")
    await orders.stop()
    await inventory.server.stop()
  }

  @Test(arguments: ["", "a b", String(repeating: "k", count: 256)])
  func refusesKeys(_ key: String) async throws {
    let orders = try await OrderServer()
    let answer = try await orders.order(key: key)
    #expect(answer.status == 400)
    #expect(
      answer.body == #"{"detail":"Idempotency-Key must be 1 to 255 visible ASCII characters"}"#)
    #expect(try await orders.store.lastOrderID() == 0)
    await orders.stop()
  }

  /// With a real inventory behind it: one order, one item, one answer.
  @Test func aRepeatedKey() async throws {
    let directory = try TemporaryDirectory()
    let stock = try SQLiteStockStore(path: directory.file("inventory.sqlite"))
    let routes = InventoryRoutes(
      store: stock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let inventory = try await TestServer { routes.add(to: &$0) }
    let orders = try await OrderServer(inventory: inventory.url)
    let key = String(repeating: "k", count: 255)
    for _ in 0..<3 {
      let answer = try await orders.order(key: key)
      #expect((answer.status, answer.body) == (200, Self.placed))
    }
    for query in ["username=bob&product_id=2", "username=ann&product_id=3"] {
      let answer = try await orders.order(query, key: key)
      #expect(answer.status == 422)
      #expect(answer.body == #"{"detail":"Idempotency-Key was used with other parameters"}"#)
    }
    for _ in 0..<2 {
      let answer = try await orders.order("username=ann&product_id=9", key: "unknown")
      #expect((answer.status, answer.body) == (400, #"{"detail":"Product unavailable"}"#))
    }
    #expect(try await stock.listProducts().map(\.stock) == [8, 23, 15, 50, 30])
    #expect(try await orders.store.lastOrderID() == 2)
    await orders.stop()
    await inventory.stop()
    stock.close()
  }

  @Test func nobodyIsThere() async throws {
    let gone = try await InventoryStandIn([(200, "")])
    await gone.server.stop()
    let orders = try await OrderServer(inventory: gone.server.url)
    let answer = try await orders.order()
    #expect((answer.status, answer.body, answer[.retryAfter]) == (503, Self.down, "1"))
    let list = try await orders.get("/list-products")
    #expect((list.status, list.body, list[.retryAfter]) == (503, Self.down, "1"))
    await orders.stop()
  }

  /// The time of a request counts from its arrival, and is for all tries together.
  @Test func anInventoryThatNeverAnswers() async throws {
    let (never, end) = AsyncStream.makeStream(of: Void.self)
    let inventory = try await InventoryStandIn { _ in
      for await _ in never {}
      throw CancellationError()
    }
    let orders = try await OrderServer(
      inventory: inventory.server.url, timeout: .milliseconds(300))
    for target in ["/order-product?username=a&product_id=2", "/list-products"] {
      let method: HTTPRequest.Method = target.hasPrefix("/o") ? .post : .get
      let answer = try await orders.server.send(method, target)
      #expect((answer.status, answer.body) == (503, Self.down))
    }
    #expect(inventory.calls.count == 2)
    #expect(inventory.calls.allSatisfy { ($0.budget ?? .max) <= 300 })
    end.finish()
    await orders.stop()
    await inventory.server.stop()
  }

  @Test(arguments: [(1, "1"), (1000, "1"), (1001, "2"), (4999, "5"), (5000, "5")])
  func saysWhenToComeAgain(_ milliseconds: Int, _ seconds: String) async throws {
    var breakerConfiguration = CircuitBreaker.Configuration()
    breakerConfiguration.failuresMax = 1
    breakerConfiguration.openTime = .seconds(5)
    let start = ContinuousClock.now
    let time = Log<ContinuousClock.Instant>()
    time.append(start)
    let breaker = InventoryGuard(
      breakerConfiguration, now: { time.values.last ?? start })
    let inventory = try await InventoryStandIn([(500, "")])
    let orders = try await OrderServer(inventory: inventory.server.url, breaker: breaker)
    _ = try await orders.get("/list-products")
    time.append(start + .seconds(5) - .milliseconds(milliseconds))
    let answer = try await orders.order()
    #expect((answer.status, answer[.retryAfter]) == (503, seconds))
    #expect(inventory.calls.count == 3, "nobody was asked")
    #expect(try await orders.store.lastOrderID() == 0, "and nothing was stored")
    await orders.stop()
    await inventory.server.stop()
  }

  @Test func aBrokenStore() async throws {
    let orders = try await OrderServer()
    orders.store.close()
    for (method, target) in [
      (HTTPRequest.Method.post, "/order-product?username=a&product_id=2"), (.get, "/list-orders"),
    ] {
      let answer = try await orders.server.send(method, target)
      #expect((answer.status, answer.body) == (503, #"{"detail":"Order store unavailable"}"#))
      #expect(answer[.retryAfter] == "1")
    }
    await orders.stop()
  }
}

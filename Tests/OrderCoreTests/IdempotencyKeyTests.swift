import Foundation
import OrderCore
import Storage
import TestSupport
import Testing

/// What a store remembers of idempotency keys.
@Suite(.timeLimit(.minutes(1))) struct IdempotencyKeyTests {
  private func request(
    _ key: String? = "k", username: String = "ann", productID: Int64 = 2
  ) -> OrderRequest {
    OrderRequest(username: username, productID: productID, idempotencyKey: key)
  }

  private func create(_ orders: Orders, _ request: OrderRequest) async throws -> CreationOutcome {
    try await orders.store.create(request, patience: .seconds(60))
  }

  @Test func aKeyStandsForItsOrder() async throws {
    let orders = try Orders()
    #expect(try await orders.store.find(request()) == nil)
    let order = try await orders.create(key: "k")
    #expect(try await create(orders, request()) == .known(.pending(order)))
    #expect(try await orders.store.find(request()) == .known(.pending(order)))
    _ = try await orders.store.confirm(order, productName: "Laptop")
    #expect(try await create(orders, request()) == .known(.confirmed(orderID: order.id)))

    let second = try await orders.create(key: "second")
    _ = try await orders.store.reject(second, reason: "sold out")
    #expect(try await create(orders, request("second")) == .known(.rejected(reason: "sold out")))
    #expect(try await orders.rows() == [1: "confirmed", 2: "rejected"])
    orders.store.close()

    let again = try Orders(orders.directory)
    #expect(try await create(again, request()) == .known(.confirmed(orderID: order.id)))
    again.store.close()
  }

  @Test func aKeyIsForItsParameters() async throws {
    let orders = try Orders()
    let order = try await orders.create(key: "k")
    for other in [
      request(username: "bob"), request(username: "ann\0"), request(username: ""),
      request(productID: 3),
    ] {
      #expect(try await create(orders, other) == .keyConflict)
      #expect(try await orders.store.find(other) == .keyConflict)
    }
    #expect(try await create(orders, request()) == .known(.pending(order)))
    #expect(try await orders.rows().count == 1)
    orders.store.close()
  }

  @Test func withoutAKeyEveryOrderIsNew() async throws {
    let orders = try Orders()
    for _ in 0..<3 { _ = try await orders.create() }
    #expect(try await orders.store.find(request(nil)) == nil)
    #expect(try await orders.rows().count == 3)
    orders.store.close()
  }

  @Test func aKeyThatIsUsedManyTimesAtOnceMakesOneOrder() async throws {
    let orders = try Orders()
    let outcomes = try await withThrowingTaskGroup(of: CreationOutcome.self) { group in
      for _ in 0..<50 { group.addTask { try await create(orders, request()) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let created = outcomes.filter { if case .created = $0 { true } else { false } }
    #expect(created.count == 1)
    #expect(Set(outcomes).count == 2)
    #expect(try await orders.rows() == [1: "pending"])
    orders.store.close()
  }

  @Test func aWithdrawnOrdersKeyIsNew() async throws {
    let orders = try Orders()
    let first = try await orders.create(key: "k")
    #expect(try await orders.store.withdraw(first, of: request()))
    #expect(try await orders.store.find(request()) == nil)
    #expect(try await orders.create("bob", 5, key: "k").id == first.id + 1)
    orders.store.close()
  }

  @Test func oldKeysAndRejectedOrdersGo() async throws {
    let orders = try Orders()
    for number in 0..<5 {
      let order = try await orders.create("\(number)", key: "\(number)")
      if number < 3 { _ = try await orders.store.reject(order, reason: "sold out") }
    }
    let confirmed = try await orders.create("4", key: "confirmed")
    _ = try await orders.store.confirm(confirmed, productName: "Laptop")
    for id in 1...6 {
      let date = "2025-01-31T12:00:0\(id).000000"
      try await orders.execute(
        """
        UPDATE orders SET order_date = '\(date)' WHERE order_id = \(id);
        UPDATE idempotency_keys SET created_at = '\(date)' WHERE order_id = \(id)
        """)
    }
    func prune(_ second: Double, limit: Int) async throws -> Int {
      // 2025-01-31T12:00:00
      try await orders.store.prune(
        before: Date(timeIntervalSince1970: 1_738_324_800 + second), limit: limit)
    }
    #expect(try await prune(1, limit: 100) == 0)
    #expect(try await prune(2, limit: 100) == 1, "the first, and its key")
    #expect(try await orders.rows().keys.sorted() == [2, 3, 4, 5, 6])
    #expect(try await orders.store.find(request("0", username: "0")) == nil)
    #expect(try await prune(100, limit: 1) == 1, "the oldest")
    #expect(try await orders.rows().keys.sorted() == [3, 4, 5, 6])
    #expect(
      try await orders.store.find(request("2", username: "2"))
        == .known(.rejected(reason: "sold out")))
    #expect(try await prune(100, limit: 3) == 2)
    #expect(try await prune(100, limit: 3) == 0)
    #expect(try await orders.rows() == [4: "pending", 5: "pending", 6: "confirmed"])
    #expect(try await orders.store.find(request("confirmed", username: "4")) == nil)
    for name in ["3", "4"] {
      guard case .known(.pending) = try await orders.store.find(request(name, username: name)) else {
        Issue.record("the key of a pending order is forgotten")
        continue
      }
    }
    orders.store.close()
  }

  /// The order may go before its key: then the key stands for nothing.
  @Test func aKeyWithoutItsOrderIsNew() async throws {
    let orders = try Orders()
    let order = try await orders.create(key: "k")
    _ = try await orders.store.reject(order, reason: "sold out")
    try await orders.execute("DELETE FROM orders")
    #expect(try await orders.store.find(request()) == nil)
    let second = try await orders.create(key: "k")
    #expect(try await create(orders, request()) == .known(.pending(second)))
    orders.store.close()
  }
}

import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import OrderCore

@Suite(.timeLimit(.minutes(1))) struct SQLiteOrderStoreTests {
  @Test func anOrderFromStartToEnd() async throws {
    let orders = try Orders()
    #expect(try await orders.store.lastOrderID() == 0)
    let before = OrderDate.now()
    let order = try await orders.create("zoë\0🧾", .min)
    #expect(order.id == 1)
    #expect(order.productID == .min)
    #expect(order.fence == 0)
    #expect(try await orders.list() == [], "a pending one is not listed")
    let name = "\"Lap\0top\" é"
    #expect(
      try await orders.store.confirm(order, productName: name)
        == Decision(state: .confirmed(orderID: 1), isNew: true))
    let listed = try #require(try await orders.list().first)
    #expect(
      listed
        == Order(
          id: 1, username: "zoë\0🧾", productID: .min, productName: name, date: listed.date))
    #expect(listed.date >= before && listed.date <= OrderDate.now())
    #expect(try await orders.store.lastOrderID() == 1)
    orders.store.close()

    let again = try Orders(orders.directory)
    #expect(try await again.list() == [listed], "and it is there after a restart")
    again.store.close()
  }

  @Test func theFirstDecisionHolds() async throws {
    let orders = try Orders()
    let (first, second) = (try await orders.create(), try await orders.create())
    let confirmed = OrderState.confirmed(orderID: first.id)
    #expect(
      try await orders.store.confirm(first, productName: "Laptop")
        == Decision(state: confirmed, isNew: true))
    for _ in 0..<2 {
      #expect(
        try await orders.store.reject(first, reason: "late")
          == Decision(state: confirmed, isNew: false))
    }
    let rejected = OrderState.rejected(reason: "sold out")
    #expect(
      try await orders.store.reject(second, reason: "sold out")
        == Decision(state: rejected, isNew: true))
    #expect(
      try await orders.store.confirm(second, productName: "late")
        == Decision(state: rejected, isNew: false))
    #expect(try await orders.list().map(\.productName) == ["Laptop"])
    #expect(try await !orders.store.withdraw(first, of: OrderRequest(username: "", productID: 2)))
    #expect(try await orders.pending() == [])
    orders.store.close()
  }

  /// The key of a reservation must not come again, not even from a copy of the file that was put
  /// back: the inventory would take it for the same order.
  @Test func reservationKeysDoNotComeAgain() async throws {
    let orders = try Orders()
    _ = try await orders.create()
    let copy = try TemporaryDirectory()
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: Orders.path(orders.directory) + suffix, toPath: Orders.path(copy) + suffix)
    }
    let restored = try Orders(copy)
    let (here, there) = (try await orders.create(), try await restored.create())
    #expect(here.id == there.id)
    #expect(here.reservationKey != there.reservationKey)
    #expect(here.reservationKey.hasSuffix("-\(here.id)"))
    #expect(here.reservationKey.utf8.count <= 255)
    guard case .pending(let known)? = try await orders.store.takeUp(here.id) else {
      Issue.record("it is not pending")
      return
    }
    #expect(known.reservationKey == here.reservationKey, "it is the same when it is read again")
    orders.store.close()
    restored.store.close()
  }

  @Test func idsDoNotComeAgain() async throws {
    let orders = try Orders()
    let order = try await orders.create()
    #expect(try await orders.store.withdraw(order, of: OrderRequest(username: "ann", productID: 2)))
    #expect(try await orders.create().id == order.id + 1)
    orders.store.close()
  }

  @Test func whoHasTakenItUpKeepsItFromBeingWithdrawn() async throws {
    let orders = try Orders()
    let request = OrderRequest(username: "ann", productID: 2, idempotencyKey: "k")
    let made = try await orders.create(key: "k")
    guard case .pending(let taken)? = try await orders.store.takeUp(made.id) else {
      Issue.record("it is not pending")
      return
    }
    #expect(taken.fence == 1)
    #expect(try await !orders.store.withdraw(made, of: request))
    #expect(try await orders.pending() == [made.id])
    #expect(try await orders.store.confirm(taken, productName: "Laptop").isNew)
    #expect(try await orders.store.takeUp(made.id) == .confirmed(orderID: made.id))

    let other = try await orders.create("bob", 3, key: "other")
    #expect(
      try await orders.store.withdraw(
        other, of: OrderRequest(username: "bob", productID: 3, idempotencyKey: "other")))
    #expect(try await orders.store.takeUp(other.id) == nil)
    #expect(
      try await orders.store.confirm(other, productName: "late")
        == Decision(state: nil, isNew: false))
    #expect(try await orders.store.find(request) == .known(.confirmed(orderID: made.id)))
    orders.store.close()
  }

  @Test func pagesAreConsistent() async throws {
    let orders = try Orders()
    for number in 0..<10 {
      let order = try await orders.create("\(number)")
      switch number % 3 {
      case 0: _ = try await orders.store.confirm(order, productName: "Laptop")
      case 1: _ = try await orders.store.reject(order, reason: "sold out")
      default: break
      }
    }
    func page(_ after: Int64, _ through: Int64, _ limit: Int) async throws -> [Int64] {
      try await orders.store.listConfirmed(after: after, through: through, limit: limit).map(\.id)
    }
    #expect(try await page(0, .max, 100) == [1, 4, 7, 10])
    #expect(try await page(0, .max, 2) == [1, 4])
    #expect(try await page(4, .max, 2) == [7, 10])
    #expect(try await page(1, 7, 100) == [4, 7], "after is not in it, through is")
    #expect(try await page(10, .max, 100) == [])
    #expect(try await page(.max, .max, 100) == [])
    #expect(try await page(0, 0, 100) == [])
    orders.store.close()
  }

  @Test func pendingOrdersByAge() async throws {
    let orders = try Orders()
    for _ in 0..<6 { _ = try await orders.create() }
    func date(_ id: Int, _ unixSeconds: Double) async throws {
      let text = OrderDate.format(unixSeconds)
      try await orders.execute("UPDATE orders SET order_date = '\(text)' WHERE order_id = \(id)")
    }
    let now = Date().timeIntervalSince1970
    try await date(1, now - 1000)
    try await date(2, now - 100)
    try await date(3, now + 1_000_000)
    try await date(4, now - 5000)
    try await orders.execute("UPDATE orders SET status = 'rejected' WHERE order_id = 6")
    #expect(try await orders.pending() == [1, 2, 3, 4, 5])
    #expect(try await orders.pending(age: .seconds(50)) == [1, 2, 3, 4], "3 is of a wrong clock")
    #expect(try await orders.pending(age: .seconds(500)) == [1, 3, 4])
    #expect(try await orders.pending(ageMax: .seconds(3000)) == [1, 2, 3, 5])
    #expect(try await orders.pending(after: 2) == [3, 4, 5])
    #expect(try await orders.pending(limit: 2) == [1, 2])
    #expect(try await orders.store.countPending(age: .zero, max: 100) == 5)
    #expect(try await orders.store.countPending(age: .seconds(500), max: 100) == 3)
    #expect(try await orders.store.countPending(age: .zero, max: 4) == 4)
    orders.store.close()
  }

  /// What is asked often is found in an index, however many orders there are.
  @Test(arguments: [
    (OrderStatements.list.text, [1, 2, 3], "orders_confirmed"),
    (OrderStatements.pending.text, [1, 2, 3, 4, 5], "orders_pending"),
    (OrderStatements.countPending.text, [1, 2, 3], "orders_pending"),
    (OrderStatements.pruneRejected, [1, 2], "orders_rejected"),
    (OrderStatements.pruneKeys.text, [1, 2], "idempotency_keys_by_age"),
  ] as [(String, [Int], String)])
  func usesAnIndex(_ sql: String, _ arguments: [Int], _ index: String) async throws {
    let orders = try Orders()
    let other = try DatabaseQueue(path: Orders.path(orders.directory))
    let plan = try await other.read { db in
      try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: StatementArguments(arguments)
      ).map { $0["detail"] as String }
    }
    #expect(plan.contains { $0.contains(index) }, "\(plan)")
    orders.store.close()
  }

  @Test func whoDoesNotWaitIsNotServed() async throws {
    let orders = try Orders()
    await #expect(throws: StorageError.timedOut) {
      try await orders.store.create(
        OrderRequest(username: "ann", productID: 2), patience: .zero)
    }
    #expect(try await orders.store.lastOrderID() == 0)
    orders.store.close()
    await #expect(throws: StorageError.closed) { try await orders.store.checkHealth() }
  }

  @Test func aDamagedOrderIsAnErrorAndNoCrash() async throws {
    let orders = try Orders()
    let id = try await orders.confirmed()
    try await orders.execute("UPDATE orders SET product_name = NULL WHERE order_id = \(id)")
    await #expect(throws: StorageError.corrupt("a column has a value of another type")) {
      try await orders.list()
    }
    orders.store.close()
  }
}

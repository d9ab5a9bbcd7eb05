import Foundation
import GRDB
import OrderCore
import TestSupport

/// The orders in a file of this test alone.
struct Orders {
  let directory: TemporaryDirectory
  let store: SQLiteOrderStore

  init(_ directory: TemporaryDirectory? = nil) throws {
    self.directory = try directory ?? TemporaryDirectory()
    store = try SQLiteOrderStore(path: Self.path(self.directory))
  }

  static func path(_ directory: TemporaryDirectory) -> String { directory.file("orders.sqlite") }

  /// Stores an order that must be new.
  func create(
    _ username: String = "ann", _ productID: Int64 = 2, key: String? = nil
  ) async throws -> PendingOrder {
    let request = OrderRequest(username: username, productID: productID, idempotencyKey: key)
    guard case .created(let order) = try await store.create(request, patience: .seconds(60)) else {
      throw CancellationError()
    }
    return order
  }

  /// Stores an order and confirms it.
  @discardableResult
  func confirmed(_ username: String = "ann") async throws -> Int64 {
    let order = try await create(username)
    _ = try await store.confirm(order, productName: "Laptop")
    return order.id
  }

  func list() async throws -> [Order] {
    try await store.listConfirmed(after: 0, through: .max, limit: .max)
  }

  func pending(
    after: Int64 = 0, age: Duration = .zero, ageMax: Duration = .seconds(1_000_000), limit: Int = 100
  ) async throws -> [Int64] {
    try await store.listPending(after: after, age: age, ageMax: ageMax, limit: limit)
  }

  /// Status, reason and product of every stored order, by id.
  func rows() async throws -> [Int64: String] {
    let other = try DatabaseQueue(path: Self.path(directory))
    return try await other.read { db in
      let rows = try Row.fetchAll(db, sql: "SELECT order_id, status FROM orders")
      return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }
  }

  func execute(_ sql: String) async throws {
    let other = try DatabaseQueue(path: Self.path(directory))
    try await other.write { try $0.execute(sql: sql) }
  }
}

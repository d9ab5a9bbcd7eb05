import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@testable import OrderCore

/// Files that earlier versions have left, as they left them.
@Suite(.timeLimit(.minutes(1))) struct OrderSchemaTests {
  /// The file of a version, in a directory of its own.
  private func file(ofVersion version: Int) throws -> TemporaryDirectory {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let sql = try String(
      contentsOf: folder.appendingPathComponent("Schemas/orders-v\(version).sql"), encoding: .utf8)
    let directory = try TemporaryDirectory()
    let old = try DatabaseQueue(path: Orders.path(directory))
    try old.write { try $0.execute(sql: sql) }
    try old.close()
    return directory
  }

  private func schema(_ directory: TemporaryDirectory) throws -> [String] {
    let database = try DatabaseQueue(path: Orders.path(directory))
    return try database.read { db in
      try ["orders", "idempotency_keys", "identity"].flatMap { table in
        try db.columns(in: table).map { "\(table).\($0.name) \($0.type) \($0.isNotNull)" }.sorted()
      }
        + String.fetchAll(
          db,
          sql: """
            SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name
            """)
    }
  }

  @Test(arguments: [1, 2])
  func keepsEveryOrder(_ version: Int) async throws {
    let orders = try Orders(try file(ofVersion: version))
    #expect(
      try await orders.list() == [
        Order(
          id: 1, username: "ann", productID: 2, productName: "Smartphone",
          date: "2026-01-31T12:34:56.789012"),
        Order(
          id: 5, username: "naïve 🧾", productID: 2, productName: "Smartphone",
          date: "2026-01-31T12:35:00.000000"),
      ])
    #expect(
      try await orders.rows() == [
        1: "confirmed", 2: "rejected", 3: "pending", 4: "pending", 5: "confirmed",
      ])
    #expect(try await orders.pending() == [3, 4])
    #expect(try await orders.confirmed("new") == 6, "no id is given a second time")
    orders.store.close()
  }

  /// What is pending keeps the key that the inventory may know already.
  @Test(arguments: [(1, "first-3", 1), (2, "second-c3-3", 1)] as [(Int, String, Int64)])
  func keepsReservationKeys(_ version: Int, _ key: String, _ fence: Int64) async throws {
    let orders = try Orders(try file(ofVersion: version))
    guard case .pending(let order)? = try await orders.store.takeUp(3) else {
      Issue.record("it is not pending")
      return
    }
    #expect((order.id, order.productID, order.fence) == (3, 3, fence))
    #expect(order.reservationKey == key)
    #expect(order.origin == nil)
    orders.store.close()
  }

  @Test func keepsIdempotencyKeys() async throws {
    let orders = try Orders(try file(ofVersion: 2))
    let known = try await orders.store.find(
      OrderRequest(username: "ann", productID: 2, idempotencyKey: "key-1"))
    #expect(known == .known(.confirmed(orderID: 1)))
    let other = try await orders.store.find(
      OrderRequest(username: "ann", productID: 3, idempotencyKey: "key-1"))
    #expect(other == .keyConflict)
    orders.store.close()
  }

  @Test(arguments: [1, 2])
  func becomesWhatANewFileIs(_ version: Int) async throws {
    let orders = try Orders(try file(ofVersion: version))
    orders.store.close()
    let new = try Orders()
    new.store.close()
    #expect(try schema(orders.directory) == schema(new.directory))
  }

  @Test func refusesALaterVersion() async throws {
    let orders = try Orders()
    orders.store.close()
    try await orders.execute("INSERT INTO grdb_migrations VALUES ('99: of a later version')")
    let path = Orders.path(orders.directory)
    #expect(
      throws: StorageError.cannotOpen(
        path: path, reason: "a later version of this program has changed it")
    ) { try SQLiteOrderStore(path: path) }
  }
}

import Foundation
import GRDB
package import Storage

/// The orders in a SQLite file.
package final class SQLiteOrderStore: OrderStore {
  private static let insert = Statement(
    "INSERT", "orders",
    text: """
      INSERT INTO orders (username, product_id, order_date, status) VALUES (?, ?, ?, 'pending')
      """)
  private static let confirm = Statement(
    "UPDATE", "orders",
    text: """
      UPDATE orders SET status = 'confirmed', product_name = ? \
      WHERE order_id = ? AND status = 'pending'
      """)
  private static let reject = Statement(
    "UPDATE", "orders",
    text: """
      UPDATE orders SET status = 'rejected', reason = ? WHERE order_id = ? AND status = 'pending'
      """)
  private static let list = Statement(
    "SELECT", "orders",
    text: """
      SELECT order_id, username, product_id, product_name, order_date FROM orders \
      WHERE status = 'confirmed' AND order_id > ? AND order_id <= ? ORDER BY order_id LIMIT ?
      """)
  private static let last = Statement(
    "SELECT", "orders", text: "SELECT COALESCE(MAX(order_id), 0) FROM orders")
  private static let pending = Statement(
    "SELECT", "orders",
    text: """
      SELECT order_id, product_id FROM orders WHERE status = 'pending' AND order_date <= ? \
      ORDER BY order_id LIMIT ?
      """)

  private let database: Storage.Database
  /// Tells this store's orders from those of any other.
  private let storeID: String

  /// Opens the file at `path`, or makes it.
  /// - Throws: `StorageError.cannotOpen`.
  package init(path: String) throws(StorageError) {
    database = try Storage.Database(path: path, migrator: Self.migrator)
    storeID = try database.readBlocking { db in
      try String.fetchOne(db, sql: "SELECT store_id FROM identity") ?? ""
    }
  }

  package func createPending(
    username: String, productID: Int64
  ) async throws(StorageError) -> PendingOrder {
    let date = OrderDate.format(Date().timeIntervalSince1970)
    let storeID = storeID
    return try await database.write(Self.insert) { db in
      try db.execute(sql: Self.insert.text, arguments: [username, productID, date])
      return PendingOrder(
        id: db.lastInsertedRowID, productID: productID,
        reservationKey: "\(storeID)-\(db.lastInsertedRowID)")
    }
  }

  package func confirm(
    _ order: PendingOrder, productName: String
  ) async throws(StorageError) {
    try await database.write(Self.confirm) { db in
      try db.execute(sql: Self.confirm.text, arguments: [productName, order.id])
    }
  }

  package func reject(_ order: PendingOrder, reason: String) async throws(StorageError) {
    try await database.write(Self.reject) { db in
      try db.execute(sql: Self.reject.text, arguments: [reason, order.id])
    }
  }

  package func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order] {
    try await database.read(Self.list) { db in
      try Row.fetchAll(db, sql: Self.list.text, arguments: [after, through, limit]).map { row in
        Order(
          id: row[0], username: row[1], productID: row[2], productName: row[3], date: row[4])
      }
    }
  }

  package func lastOrderID() async throws(StorageError) -> Int64 {
    try await database.read(Self.last) { db in
      try Int64.fetchOne(db, sql: Self.last.text) ?? 0
    }
  }

  package func listPending(
    olderThan age: Duration, limit: Int
  ) async throws(StorageError) -> [PendingOrder] {
    let storeID = storeID
    let seconds = Double(age.components.seconds)
    let latest = OrderDate.format(Date().timeIntervalSince1970 - seconds)
    return try await database.read(Self.pending) { db in
      try Row.fetchAll(db, sql: Self.pending.text, arguments: [latest, limit]).map { row in
        PendingOrder(
          id: row[0], productID: row[1], reservationKey: "\(storeID)-\(row[0] as Int64)")
      }
    }
  }

  package func checkHealth() async throws(StorageError) { try await database.checkHealth() }

  /// Finishes what waits, and closes the file. Blocks.
  package func close() { database.close() }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: orders") { db in
      try db.execute(
        sql: """
          CREATE TABLE orders (
            order_id INTEGER PRIMARY KEY AUTOINCREMENT, username TEXT NOT NULL,
            product_id INTEGER NOT NULL, product_name TEXT, order_date TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'confirmed', 'rejected')),
            reason TEXT);
          CREATE INDEX orders_pending ON orders (order_id) WHERE status = 'pending';
          CREATE TABLE identity (store_id TEXT NOT NULL);
          INSERT INTO identity (store_id) VALUES (lower(hex(randomblob(16))));
          """)
    }
    return migrator
  }
}

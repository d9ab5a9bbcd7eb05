import Foundation
import GRDB
package import InventoryAPI
package import Storage

/// The stock in a SQLite file.
package final class SQLiteStockStore: StockStore {
  private static let list = Statement(
    "SELECT", "products", text: "SELECT id, name, stock FROM products ORDER BY id")
  private static let reduce = Statement(
    "UPDATE", "products",
    text: "UPDATE products SET stock = stock - 1 WHERE id = ? AND stock > 0")
  private static let restock = Statement(
    "UPDATE", "products", text: "UPDATE products SET stock = stock + ? WHERE id = ?")

  private let database: Storage.Database

  /// Opens the file at `path`; a new one begins with the five products of the demonstration.
  /// - Throws: `StorageError.cannotOpen`.
  package init(path: String) throws(StorageError) {
    database = try Storage.Database(path: path, migrator: Self.migrator)
  }

  package func listProducts() async throws(StorageError) -> [Product] {
    try await database.read(Self.list) { db in
      try Row.fetchAll(db, sql: Self.list.text).map(Self.product)
    }
  }

  package func reduceStock(
    productID: Int64, idempotencyKey: String?
  ) async throws(StorageError) -> ReduceOutcome {
    try await database.write(Self.reduce) { db in
      if let idempotencyKey, let known = try Self.reservation(db, idempotencyKey) {
        guard known.productID == productID else { return .keyConflict }
        guard let stock = known.stock, let product = try Self.find(db, productID) else {
          return .soldOut
        }
        return .reduced(Product(id: product.id, name: product.name, stock: stock))
      }
      try db.execute(sql: Self.reduce.text, arguments: [productID])
      let isReduced = db.changesCount > 0
      guard let product = try Self.find(db, productID) else { return .unknownProduct }
      if let idempotencyKey {
        try db.execute(
          sql: """
            INSERT INTO reservations (key, product_id, stock, created_at) VALUES (?, ?, ?, ?)
            """,
          arguments: [
            idempotencyKey, productID, isReduced ? product.stock : nil,
            Int(Date().timeIntervalSince1970),
          ])
      }
      return isReduced ? .reduced(product) : .soldOut
    }
  }

  package func restock(
    productID: Int64, quantity: Int64
  ) async throws(StorageError) -> RestockOutcome {
    try await database.write(Self.restock) { db in
      guard let product = try Self.find(db, productID) else { return .unknownProduct }
      guard !product.stock.addingReportingOverflow(quantity).overflow else { return .tooLarge }
      try db.execute(sql: Self.restock.text, arguments: [quantity, productID])
      return try Self.find(db, productID).map { .restocked($0) } ?? .unknownProduct
    }
  }

  package func checkHealth() async throws(StorageError) { try await database.checkHealth() }

  /// Finishes what waits, and closes the file. Blocks.
  package func close() { database.close() }

  private static func product(_ row: Row) -> Product {
    Product(id: row[0], name: row[1], stock: row[2])
  }

  private static func find(_ db: GRDB.Database, _ productID: Int64) throws -> Product? {
    try Row.fetchOne(
      db, sql: "SELECT id, name, stock FROM products WHERE id = ?", arguments: [productID]
    ).map(product)
  }

  private static func reservation(
    _ db: GRDB.Database, _ key: String
  ) throws -> (productID: Int64, stock: Int64?)? {
    try Row.fetchOne(
      db, sql: "SELECT product_id, stock FROM reservations WHERE key = ?", arguments: [key]
    ).map { ($0[0], $0[1]) }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: products and reservations") { db in
      try db.execute(
        sql: """
          CREATE TABLE products (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
          CREATE TABLE reservations (
            key TEXT PRIMARY KEY, product_id INTEGER NOT NULL, stock INTEGER,
            created_at INTEGER NOT NULL) WITHOUT ROWID;
          INSERT INTO products (id, name, stock) VALUES
            (1, 'Laptop', 8), (2, 'Smartphone', 24), (3, 'Tablet', 15), (4, 'Headphones', 50),
            (5, 'Smartwatch', 30);
          """)
    }
    return migrator
  }
}

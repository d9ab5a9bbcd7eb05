package import Foundation
import GRDB
package import InventoryAPI
package import Storage
import Synchronization

/// The stock in a SQLite file.
package final class SQLiteStockStore: StockStore {
  private static let list = Statement(
    "SELECT", "products", text: "SELECT id, name, stock FROM products ORDER BY id")
  private static let reduce = Statement(
    "UPDATE", "products",
    text: "UPDATE products SET stock = stock - 1 WHERE id = ? AND stock > 0")
  private static let restock = Statement(
    "UPDATE", "products", text: "UPDATE products SET stock = stock + ? WHERE id = ?")
  private static let forget = Statement("DELETE", "reservations", text: Reservation.deletion)

  private let database: Storage.Database
  private let observer = Mutex<Observer?>(nil)

  /// Opens the file at `path`; a new one begins with the five products of the demonstration.
  /// - Throws: `StorageError.cannotOpen`.
  package init(path: String) throws(StorageError) {
    database = try Storage.Database(path: path, migrator: StockSchema.migrator)
  }

  /// Tells `observer` of every product now, and from now on whenever one's stock has changed, in
  /// the order of the changes, on a thread where it must not block. Blocks; for start-up.
  package func observeStock(
    _ observer: @escaping @Sendable (Product) -> Void
  ) throws(StorageError) {
    for product in try database.readBlocking(Self.products) { observer(product) }
    self.observer.withLock { $0 = Observer(tell: observer) }
  }

  package func listProducts() async throws(StorageError) -> [Product] {
    try await database.read(Self.list) { try Self.products($0) }
  }

  package func reduceStock(
    productID: Int64, idempotencyKey: String?, patience: Duration?
  ) async throws(StorageError) -> ReduceOutcome {
    try await database.write(Self.reduce, patience: patience, committed: tellChange) { db in
      if let idempotencyKey,
        let known = try Reservation.answer(to: idempotencyKey, productID: productID, in: db) {
        return Change(known, product: nil)
      }
      let change = try Self.reduce(productID, in: db)
      if let idempotencyKey {
        try Reservation.keep(change.outcome, to: idempotencyKey, productID: productID, in: db)
      }
      return change
    }.outcome
  }

  package func restock(
    productID: Int64, quantity: Int64, idempotencyKey: String? = nil
  ) async throws(StorageError) -> RestockOutcome {
    try await database.write(Self.restock, committed: tellChange) { db in
      if let idempotencyKey,
        let known = try Restocking.answer(
          to: idempotencyKey, productID: productID, quantity: quantity, in: db) {
        return Change(known, product: nil)
      }
      let change = try Self.restock(productID, quantity, in: db)
      if let idempotencyKey {
        try Restocking.keep(
          change.outcome, to: idempotencyKey, productID: productID, quantity: quantity, in: db)
      }
      return change
    }.outcome
  }

  package func forgetKeys(
    usedBefore date: Date, limit: Int
  ) async throws(StorageError) -> Int {
    let unixSeconds = Int64(date.timeIntervalSince1970)
    return try await database.write(Self.forget) { db in
      let count = try Reservation.forget(before: unixSeconds, limit: limit, in: db)
      return max(count, try Restocking.forget(before: unixSeconds, limit: limit, in: db))
    }
  }

  package func checkHealth() async throws(StorageError) { try await database.checkHealth() }

  /// Finishes what waits, and closes the file. Blocks.
  package func close() { database.close() }

  /// Not the bare closure: in a generic place, such as a mutex, it would get one more wrapper at
  /// every look, and calling it would overflow the stack after some thousand sales.
  private struct Observer: Sendable {
    let tell: @Sendable (Product) -> Void
  }

  /// What an operation came to, and the product whose stock it changed.
  private struct Change<Outcome: Sendable>: Sendable {
    let outcome: Outcome
    let product: Product?

    init(_ outcome: Outcome, product: Product?) {
      self.outcome = outcome
      self.product = product
    }
  }

  private func tellChange<Outcome>(_ change: Change<Outcome>) {
    guard let product = change.product else { return }
    observer.withLock { $0 }?.tell(product)
  }

  private static func reduce(
    _ productID: Int64, in db: GRDB.Database
  ) throws -> Change<ReduceOutcome> {
    try db.execute(sql: reduce.text, arguments: [productID])
    let isReduced = db.changesCount > 0
    guard let product = try find(db, productID) else {
      return Change(.unknownProduct, product: nil)
    }
    return isReduced ? Change(.reduced(product), product: product) : Change(.soldOut, product: nil)
  }

  private static func restock(
    _ productID: Int64, _ quantity: Int64, in db: GRDB.Database
  ) throws -> Change<RestockOutcome> {
    guard let product = try find(db, productID) else {
      return Change(.unknownProduct, product: nil)
    }
    let (stock, overflow) = product.stock.addingReportingOverflow(quantity)
    guard !overflow else { return Change(.tooLarge, product: nil) }
    try db.execute(sql: restock.text, arguments: [quantity, productID])
    let restocked = Product(id: product.id, name: product.name, stock: stock)
    return Change(.restocked(restocked), product: restocked)
  }

  private static func products(_ db: GRDB.Database) throws -> [Product] {
    try Row.fetchAll(db, sql: list.text).map(product)
  }

  private static func product(_ row: Row) throws -> Product {
    Product(
      id: try row.decode(atIndex: 0), name: try row.decode(StoredText.self, atIndex: 1).text,
      stock: try row.decode(atIndex: 2))
  }

  private static func find(_ db: GRDB.Database, _ productID: Int64) throws -> Product? {
    try Row.fetchOne(
      db, sql: "SELECT id, name, stock FROM products WHERE id = ?", arguments: [productID]
    ).map(product)
  }
}

import Foundation
import GRDB
import InventoryAPI

/// The answer that an idempotency key got when items were first added with it.
struct Restocking {
  private enum Outcome: String {
    case restocked
    case unknownProduct = "unknown product"
    case tooLarge = "too large"
  }

  /// The answer of the first use; nil when the key is new.
  static func answer(
    to key: String, productID: Int64, quantity: Int64, in db: GRDB.Database
  ) throws -> RestockOutcome? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT restocks.product_id, quantity, outcome, restocks.stock, products.name \
        FROM restocks LEFT JOIN products ON products.id = restocks.product_id WHERE key = ?
        """, arguments: [key])
    guard let row else { return nil }
    guard try row.decode(Int64.self, atIndex: 0) == productID,
      try row.decode(Int64.self, atIndex: 1) == quantity
    else { return .keyConflict }
    switch Outcome(rawValue: try row.decode(atIndex: 2)) {
    case .restocked:
      return .restocked(
        Product(
          id: productID, name: try row.decode(String?.self, atIndex: 4) ?? "",
          stock: try row.decode(atIndex: 3)))
    case .tooLarge: return .tooLarge
    case .unknownProduct, nil: return .unknownProduct
    }
  }

  /// Keeps the answer to a key that is new.
  static func keep(
    _ answer: RestockOutcome, to key: String, productID: Int64, quantity: Int64,
    in db: GRDB.Database
  ) throws {
    let (outcome, stock): (Outcome, Int64?) =
      switch answer {
      case .restocked(let product): (.restocked, product.stock)
      case .tooLarge: (.tooLarge, nil)
      case .unknownProduct, .keyConflict: (.unknownProduct, nil)
      }
    try db.execute(
      sql: """
        INSERT INTO restocks (key, product_id, quantity, outcome, stock, created_at) \
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        key, productID, quantity, outcome.rawValue, stock, Int64(Date().timeIntervalSince1970),
      ])
  }

  /// Forgets up to `limit` keys that were first used before `unixSeconds`, the oldest first.
  /// - Returns: How many.
  static func forget(
    before unixSeconds: Int64, limit: Int, in db: GRDB.Database
  ) throws -> Int {
    try db.execute(
      sql: """
        DELETE FROM restocks WHERE id IN \
        (SELECT id FROM restocks WHERE created_at < ? ORDER BY created_at LIMIT ?)
        """, arguments: [unixSeconds, limit])
    return db.changesCount
  }
}

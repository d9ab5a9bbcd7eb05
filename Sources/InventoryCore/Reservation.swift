import Foundation
import GRDB
import InventoryAPI

/// The answer that an idempotency key got when it was first used.
struct Reservation {
  private enum Outcome: String {
    case reduced
    case soldOut = "sold out"
    case unknownProduct = "unknown product"
  }

  private let productID: Int64
  private let productName: String?
  private let outcome: String
  /// What was left.
  private let stock: Int64?

  /// The answer of the first use; nil when the key is new.
  static func answer(
    to key: String, productID: Int64, in db: GRDB.Database
  ) throws -> ReduceOutcome? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT reservations.product_id, products.name, outcome, reservations.stock \
        FROM reservations LEFT JOIN products ON products.id = reservations.product_id \
        WHERE key = ?
        """, arguments: [key])
    return try row.map { try Self($0).answer(for: productID) }
  }

  private init(_ row: Row) throws {
    productID = try row.decode(atIndex: 0)
    productName = try row.decode(atIndex: 1)
    outcome = try row.decode(atIndex: 2)
    stock = try row.decode(atIndex: 3)
  }

  private func answer(for productID: Int64) -> ReduceOutcome {
    guard productID == self.productID else { return .keyConflict }
    switch Outcome(rawValue: outcome) {
    case .reduced:
      return .reduced(Product(id: productID, name: productName ?? "", stock: stock ?? 0))
    case .soldOut: return .soldOut
    case .unknownProduct, nil: return .unknownProduct
    }
  }

  /// Keeps the answer to a key that is new.
  static func keep(
    _ answer: ReduceOutcome, to key: String, productID: Int64, in db: GRDB.Database
  ) throws {
    let (outcome, stock): (Outcome, Int64?) =
      switch answer {
      case .reduced(let product): (.reduced, product.stock)
      case .soldOut: (.soldOut, nil)
      case .unknownProduct, .keyConflict: (.unknownProduct, nil)
      }
    try db.execute(
      sql: """
        INSERT INTO reservations (key, product_id, outcome, stock, created_at) \
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [key, productID, outcome.rawValue, stock, Int64(Date().timeIntervalSince1970)])
  }

  /// Forgets up to `limit` keys that were first used before `unixSeconds`, the oldest first.
  /// - Returns: How many.
  static func forget(
    before unixSeconds: Int64, limit: Int, in db: GRDB.Database
  ) throws -> Int {
    try db.execute(sql: deletion, arguments: [unixSeconds, limit])
    return db.changesCount
  }

  static let deletion = """
    DELETE FROM reservations WHERE id IN \
    (SELECT id FROM reservations WHERE created_at < ? ORDER BY created_at LIMIT ?)
    """
}

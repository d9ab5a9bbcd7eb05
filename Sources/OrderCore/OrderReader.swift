import GRDB
import Storage

/// Reads rows as orders.
struct OrderReader: Sendable {
  /// Tells this store's orders from those of any other.
  let storeID: String

  /// - Parameter nonce: Tells orders of one id apart, which a restored copy of the file would give
  ///   again; those of the first version have none.
  func reservationKey(_ id: Int64, nonce: String?) -> String {
    nonce.map { "\(storeID)-\($0)-\(id)" } ?? "\(storeID)-\(id)"
  }

  func state(_ id: Int64, in db: GRDB.Database) throws -> OrderState? {
    guard let row = try Row.fetchOne(db, sql: OrderStatements.state, arguments: [id]) else {
      return nil
    }
    switch try row.decode(String.self, atIndex: 0) {
    case "confirmed": return .confirmed(orderID: id)
    case "rejected":
      return .rejected(reason: try row.decode(StoredText?.self, atIndex: 4)?.text ?? "")
    default:
      return .pending(
        PendingOrder(
          id: id, productID: try row.decode(atIndex: 1),
          reservationKey: reservationKey(id, nonce: try row.decode(atIndex: 2)),
          fence: try row.decode(atIndex: 3), date: try row.decode(atIndex: 5),
          origin: try row.decode(String?.self, atIndex: 6).map { TraceOrigin(text: $0) }))
    }
  }

  /// What the request's key stands for. One whose order was deleted stands for nothing.
  func find(_ request: OrderRequest, in db: GRDB.Database) throws -> CreationOutcome? {
    guard let key = request.idempotencyKey,
      let row = try Row.fetchOne(db, sql: OrderStatements.findKey.text, arguments: [key])
    else { return nil }
    guard try row.decode(StoredText.self, atIndex: 0).text == request.username,
      try row.decode(Int64.self, atIndex: 1) == request.productID
    else { return .keyConflict }
    return try state(row.decode(atIndex: 2), in: db).map { .known($0) }
  }

  static func order(_ row: Row) throws -> Order {
    Order(
      id: try row.decode(atIndex: 0), username: try row.decode(StoredText.self, atIndex: 1).text,
      productID: try row.decode(atIndex: 2),
      productName: try row.decode(StoredText.self, atIndex: 3).text,
      date: try row.decode(atIndex: 4))
  }
}

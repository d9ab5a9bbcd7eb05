package import Foundation
import GRDB
import ServiceContextModule
package import Storage

/// The orders in a SQLite file.
package final class SQLiteOrderStore: OrderStore {
  private let database: Storage.Database
  private let reader: OrderReader

  /// Opens the file at `path`, or makes it.
  /// - Throws: `StorageError.cannotOpen`.
  package init(path: String) throws(StorageError) {
    database = try Storage.Database(path: path, migrator: OrderSchema.migrator)
    reader = try OrderReader(
      storeID: database.readBlocking { db in
        try String.fetchOne(db, sql: "SELECT store_id FROM identity") ?? ""
      })
  }

  package func create(
    _ request: OrderRequest, patience: Duration
  ) async throws(StorageError) -> CreationOutcome {
    let reader = reader
    let date = OrderDate.now()
    let nonce = String(UInt64.random(in: .min ... .max), radix: 16)
    let origin = TraceOrigin(ServiceContext.current)
    return try await database.write(OrderStatements.insert, patience: patience) { db in
      if let known = try reader.find(request, in: db) { return known }
      let (username, productID) = (StoredText(request.username), request.productID)
      try db.execute(
        sql: OrderStatements.insert.text,
        arguments: [username, productID, date, nonce, origin?.text])
      let id = db.lastInsertedRowID
      if let key = request.idempotencyKey {
        try db.execute(
          sql: OrderStatements.insertKey, arguments: [key, username, productID, id, date])
      }
      return .created(
        PendingOrder(
          id: id, productID: productID, reservationKey: reader.reservationKey(id, nonce: nonce),
          fence: 0, date: date, origin: origin))
    }
  }

  package func find(_ request: OrderRequest) async throws(StorageError) -> CreationOutcome? {
    let reader = reader
    return try await database.read(OrderStatements.findKey) { try reader.find(request, in: $0) }
  }

  package func takeUp(_ orderID: Int64) async throws(StorageError) -> OrderState? {
    let reader = reader
    return try await database.write(OrderStatements.takeUp) { db in
      try db.execute(sql: OrderStatements.takeUp.text, arguments: [orderID])
      return try reader.state(orderID, in: db)
    }
  }

  package func confirm(
    _ order: PendingOrder, productName: String
  ) async throws(StorageError) -> Decision {
    try await decide(order, OrderStatements.confirm, StoredText(productName))
  }

  package func reject(
    _ order: PendingOrder, reason: String
  ) async throws(StorageError) -> Decision {
    try await decide(order, OrderStatements.reject, StoredText(reason))
  }

  private func decide(
    _ order: PendingOrder, _ statement: Storage.Statement, _ text: StoredText
  ) async throws(StorageError) -> Decision {
    let reader = reader
    return try await database.write(statement) { db in
      try db.execute(sql: statement.text, arguments: [text, order.id])
      let isNew = db.changesCount > 0
      return Decision(state: try reader.state(order.id, in: db), isNew: isNew)
    }
  }

  package func withdraw(
    _ order: PendingOrder, of request: OrderRequest
  ) async throws(StorageError) -> Bool {
    try await database.write(OrderStatements.withdraw) { db in
      try db.execute(
        sql: OrderStatements.withdraw.text, arguments: [order.id, order.fence])
      guard db.changesCount > 0 else { return false }
      if let key = request.idempotencyKey {
        try db.execute(sql: OrderStatements.withdrawKey, arguments: [key, order.id])
      }
      return true
    }
  }

  package func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order] {
    try await database.read(OrderStatements.list) { db in
      try Row.fetchAll(
        db, sql: OrderStatements.list.text, arguments: [after, through, limit]
      ).map(OrderReader.order)
    }
  }

  package func lastOrderID() async throws(StorageError) -> Int64 {
    try await database.read(OrderStatements.last) { db in
      try Int64.fetchOne(db, sql: OrderStatements.last.text) ?? 0
    }
  }

  package func listPending(
    after: Int64, age: Duration, ageMax: Duration, limit: Int
  ) async throws(StorageError) -> [Int64] {
    let (now, oldest, youngest) = (OrderDate.now(), OrderDate.ago(ageMax), OrderDate.ago(age))
    return try await database.read(OrderStatements.pending) { db in
      try Int64.fetchAll(
        db, sql: OrderStatements.pending.text, arguments: [after, oldest, youngest, now, limit])
    }
  }

  package func countPending(age: Duration, max: Int) async throws(StorageError) -> Int {
    let (now, youngest) = (OrderDate.now(), OrderDate.ago(age))
    return try await database.read(OrderStatements.countPending) { db in
      try Int.fetchOne(
        db, sql: OrderStatements.countPending.text, arguments: [youngest, now, max]) ?? 0
    }
  }

  package func prune(before date: Date, limit: Int) async throws(StorageError) -> Int {
    let latest = OrderDate.format(date.timeIntervalSince1970)
    return try await database.write(OrderStatements.pruneKeys) { db in
      try db.execute(sql: OrderStatements.pruneKeys.text, arguments: [latest, limit])
      let keyCount = db.changesCount
      try db.execute(sql: OrderStatements.pruneRejected, arguments: [latest, limit])
      return Swift.max(keyCount, db.changesCount)
    }
  }

  package func checkHealth() async throws(StorageError) { try await database.checkHealth() }

  /// Finishes what waits, and closes the file. Blocks.
  package func close() { database.close() }
}

import GRDB
import InventoryAPI
import InventoryCore
import TestSupport

/// The stock in a file of this test alone.
struct Stock {
  let directory: TemporaryDirectory
  let store: SQLiteStockStore

  init(_ directory: TemporaryDirectory? = nil) throws {
    self.directory = try directory ?? TemporaryDirectory()
    store = try SQLiteStockStore(path: Self.path(self.directory))
  }

  static func path(_ directory: TemporaryDirectory) -> String {
    directory.file("inventory.sqlite")
  }

  func reduce(_ productID: Int64, key: String? = nil) async throws -> ReduceOutcome {
    try await store.reduceStock(productID: productID, idempotencyKey: key, patience: nil)
  }

  /// The items left of every product, in the order of their ids.
  func stocks() async throws -> [Int64] { try await store.listProducts().map(\.stock) }

  func execute(_ sql: String) async throws {
    let other = try DatabaseQueue(path: Self.path(directory))
    try await other.write { try $0.execute(sql: sql) }
  }
}

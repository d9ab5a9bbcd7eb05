import Foundation
import GRDB
import InventoryAPI
import InventoryCore
import Storage
import TestSupport
import Testing

/// Files that earlier versions have left, as they left them.
@Suite(.timeLimit(.minutes(1))) struct StockSchemaTests {
  /// The file of a version, in a directory of its own.
  private func file(ofVersion version: Int) throws -> TemporaryDirectory {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let sql = try String(
      contentsOf: folder.appendingPathComponent("Schemas/inventory-v\(version).sql"),
      encoding: .utf8)
    let directory = try TemporaryDirectory()
    let old = try DatabaseQueue(path: Stock.path(directory))
    try old.write { try $0.execute(sql: sql) }
    try old.close()
    return directory
  }

  private func schema(_ directory: TemporaryDirectory) throws -> [String] {
    let database = try DatabaseQueue(path: Stock.path(directory))
    return try database.read { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT replace(replace(sql, char(10), ' '), '  ', '') FROM sqlite_schema \
          WHERE sql IS NOT NULL AND name NOT LIKE 'grdb%' ORDER BY name
          """)
    }
  }

  @Test(arguments: [(1, "first-1", "first-2"), (2, "second-a1-1", "second-b2-2")])
  func keepsStockAndKeys(_ version: Int, _ taken: String, _ refused: String) async throws {
    let stock = try Stock(try file(ofVersion: version))
    #expect(try await stock.stocks() == [8, 22, 14, 50, 30])
    #expect(
      try await stock.reduce(2, key: taken)
        == .reduced(Product(id: 2, name: "Smartphone", stock: 23)))
    #expect(try await stock.reduce(3, key: taken) == .keyConflict)
    // The first version did not keep why.
    #expect(
      try await stock.reduce(9, key: refused) == (version == 1 ? .soldOut : .unknownProduct))
    #expect(try await stock.stocks() == [8, 22, 14, 50, 30], "nothing was taken again")
    let date = Date(timeIntervalSinceNow: -30)
    #expect(try await stock.store.forgetKeys(usedBefore: date, limit: 9) == 4)
    stock.store.close()
  }

  @Test(arguments: [1, 2])
  func becomesWhatANewFileIs(_ version: Int) async throws {
    let stock = try Stock(try file(ofVersion: version))
    stock.store.close()
    let new = try Stock()
    new.store.close()
    #expect(try schema(stock.directory) == schema(new.directory))
  }

  @Test func refusesALaterVersion() async throws {
    let stock = try Stock()
    stock.store.close()
    try await stock.execute("INSERT INTO grdb_migrations VALUES ('99: of a later version')")
    let path = Stock.path(stock.directory)
    #expect(
      throws: StorageError.cannotOpen(
        path: path, reason: "a later version of this program has changed it")
    ) { try SQLiteStockStore(path: path) }
  }
}

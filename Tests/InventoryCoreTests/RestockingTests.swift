import Foundation
import InventoryAPI
import InventoryCore
import TestSupport
import Testing

/// Adding items with a key.
@Suite(.timeLimit(.minutes(1))) struct RestockingTests {
  private func restock(
    _ stock: Stock, _ productID: Int64, _ quantity: Int64, key: String
  ) async throws -> RestockOutcome {
    try await stock.store.restock(productID: productID, quantity: quantity, idempotencyKey: key)
  }

  @Test func aKeyAddsOnce() async throws {
    let stock = try Stock()
    let log = Log<Product>()
    let added = Product(id: 1, name: "Laptop", stock: 11)
    #expect(try await restock(stock, 1, 3, key: "k") == .restocked(added))
    #expect(try await stock.reduce(1) == .reduced(Product(id: 1, name: "Laptop", stock: 10)))
    try stock.store.observeStock { log.append($0) }
    #expect(try await restock(stock, 1, 3, key: "k") == .restocked(added), "as the first time")
    #expect(try await stock.stocks()[0] == 10)
    #expect(log.values.count == 5, "nothing has changed, nothing is told")
    #expect(
      try await restock(stock, 1, 3, key: "l")
        == .restocked(Product(id: 1, name: "Laptop", stock: 13)))
    stock.store.close()
  }

  @Test func aKeyIsForOneProductAndQuantity() async throws {
    let stock = try Stock()
    _ = try await restock(stock, 1, 3, key: "k")
    #expect(try await restock(stock, 1, 4, key: "k") == .keyConflict)
    #expect(try await restock(stock, 2, 3, key: "k") == .keyConflict)
    #expect(try await stock.stocks() == [11, 24, 15, 50, 30])
    #expect(
      try await stock.reduce(2, key: "k") == .reduced(Product(id: 2, name: "Smartphone", stock: 23)),
      "a key of another kind")
    stock.store.close()
  }

  /// A refusal is remembered as well: what was answered once holds.
  @Test func refusalsAreRemembered() async throws {
    let stock = try Stock()
    #expect(try await restock(stock, 9, 1, key: "unknown") == .unknownProduct)
    #expect(try await restock(stock, 1, .max, key: "large") == .tooLarge)
    try await stock.execute("INSERT INTO products VALUES (9, 'Camera', 0)")
    try await stock.execute("UPDATE products SET stock = 0 WHERE id = 1")
    #expect(try await restock(stock, 9, 1, key: "unknown") == .unknownProduct)
    #expect(try await restock(stock, 1, .max, key: "large") == .tooLarge)
    #expect(try await stock.stocks() == [0, 24, 15, 50, 30, 0])
    stock.store.close()
  }

  @Test func keysSurviveAndAreForgotten() async throws {
    let first = try Stock()
    for number in 0..<5 { _ = try await restock(first, 1, 1, key: "\(number)") }
    first.store.close()
    let stock = try Stock(first.directory)
    _ = try await restock(stock, 1, 1, key: "0")
    #expect(try await stock.stocks()[0] == 13)
    try await stock.execute("UPDATE restocks SET created_at = id")
    func forget(_ limit: Int) async throws -> Int {
      try await stock.store.forgetKeys(
        usedBefore: Date(timeIntervalSince1970: 5), limit: limit)
    }
    #expect(try await forget(3) == 3, "the oldest first")
    #expect(try await forget(3) == 1)
    #expect(try await forget(3) == 0)
    _ = try await restock(stock, 1, 1, key: "4")
    #expect(try await stock.stocks()[0] == 13, "the youngest is remembered")
    _ = try await restock(stock, 1, 1, key: "0")
    #expect(try await stock.stocks()[0] == 14, "the oldest is not")
    stock.store.close()
  }
}

import Foundation
import GRDB
import InventoryAPI
import InventoryCore
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SQLiteStockStoreTests {
  private static let first = [
    Product(id: 1, name: "Laptop", stock: 8), Product(id: 2, name: "Smartphone", stock: 24),
    Product(id: 3, name: "Tablet", stock: 15), Product(id: 4, name: "Headphones", stock: 50),
    Product(id: 5, name: "Smartwatch", stock: 30),
  ]

  @Test func beginsWithFiveProducts() async throws {
    let stock = try Stock()
    #expect(try await stock.store.listProducts() == Self.first)
    try await stock.store.checkHealth()
    stock.store.close()
    await #expect(throws: StorageError.closed) { try await stock.store.checkHealth() }
  }

  @Test func sellsTheLastAndNoMore() async throws {
    let stock = try Stock()
    for left in (0..<8).reversed() {
      #expect(
        try await stock.reduce(1)
          == .reduced(Product(id: 1, name: "Laptop", stock: Int64(left))))
    }
    #expect(try await stock.reduce(1) == .soldOut)
    #expect(try await stock.reduce(1) == .soldOut)
    #expect(try await stock.stocks() == [0, 24, 15, 50, 30])
    #expect(
      try await stock.store.restock(productID: 1, quantity: 1)
        == .restocked(Product(id: 1, name: "Laptop", stock: 1)))
    #expect(try await stock.reduce(1) == .reduced(Product(id: 1, name: "Laptop", stock: 0)))
    stock.store.close()
  }

  @Test(arguments: [0, 6, -1, .min, .max])
  func knowsNoOtherProducts(_ productID: Int64) async throws {
    let stock = try Stock()
    #expect(try await stock.reduce(productID) == .unknownProduct)
    #expect(try await stock.store.restock(productID: productID, quantity: 1) == .unknownProduct)
    #expect(try await stock.store.listProducts() == Self.first)
    stock.store.close()
  }

  @Test func manyAtOnceGetExactlyWhatIsThere() async throws {
    let stock = try Stock()
    let outcomes = try await withThrowingTaskGroup(of: ReduceOutcome.self) { group in
      for _ in 0..<100 { group.addTask { try await stock.reduce(2) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let left = outcomes.compactMap { outcome -> Int64? in
      guard case .reduced(let product) = outcome else { return nil }
      return product.stock
    }
    #expect(left.sorted() == Array(0..<24), "each item once")
    #expect(outcomes.count { $0 == .soldOut } == 76)
    #expect(try await stock.stocks()[1] == 0)
    stock.store.close()
  }

  @Test func theStockHasAnEnd() async throws {
    let stock = try Stock()
    let room = Int64.max - 8
    #expect(try await stock.store.restock(productID: 1, quantity: room + 1) == .tooLarge)
    #expect(try await stock.store.restock(productID: 1, quantity: .max) == .tooLarge)
    #expect(try await stock.stocks()[0] == 8)
    #expect(
      try await stock.store.restock(productID: 1, quantity: room)
        == .restocked(Product(id: 1, name: "Laptop", stock: .max)))
    #expect(try await stock.store.restock(productID: 1, quantity: 1) == .tooLarge)
    #expect(try await stock.stocks()[0] == .max)
    stock.store.close()
  }

  @Test func whoDoesNotWaitIsNotServed() async throws {
    let stock = try Stock()
    await #expect(throws: StorageError.timedOut) {
      try await stock.store.reduceStock(productID: 1, idempotencyKey: "k", patience: .zero)
    }
    #expect(try await stock.stocks()[0] == 8)
    let product = Product(id: 1, name: "Laptop", stock: 7)
    #expect(
      try await stock.store.reduceStock(
        productID: 1, idempotencyKey: "k", patience: .seconds(60)) == .reduced(product))
    stock.store.close()
  }

  @Test func everyChangeIsToldInOrderAndNothingElse() async throws {
    let stock = try Stock()
    let log = Log<Product>()
    try stock.store.observeStock { log.append($0) }
    #expect(log.values == Self.first)

    let outcomes = try await withThrowingTaskGroup(of: ReduceOutcome.self) { group in
      for number in 0..<30 { group.addTask { try await stock.reduce(1, key: "\(number % 15)") } }
      group.addTask { try await stock.reduce(9) }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.count == 31)
    #expect(log.values.dropFirst(5).map(\.stock) == [7, 6, 5, 4, 3, 2, 1, 0])
    _ = try await stock.store.restock(productID: 1, quantity: 3)
    _ = try await stock.store.restock(productID: 1, quantity: .max)
    #expect(log.values.last == Product(id: 1, name: "Laptop", stock: 3))
    stock.store.close()
  }

  /// A closure that is kept as it is in a generic place gets one more wrapper at every look, until
  /// a call of it overflows the stack.
  @Test func aLateChangeIsToldFromNoDeeperStackThanAnEarlyOne() async throws {
    let stock = try Stock()
    let depths = Log<Int>()
    try stock.store.observeStock { _ in
      depths.append(Thread.callStackReturnAddresses.count)
    }
    for _ in 0..<30 { _ = try await stock.store.restock(productID: 1, quantity: 1) }
    let told = depths.values.dropFirst(5)
    #expect(told.count == 30)
    #expect(try #require(told.last) <= #require(told.first) + 10)
    stock.store.close()
  }

  @Test func aDamagedProductIsAnErrorAndNoCrash() async throws {
    let stock = try Stock()
    try await stock.execute("UPDATE products SET stock = 'many' WHERE id = 3")
    let damage = StorageError.corrupt("a column has a value of another type")
    await #expect(throws: damage) { try await stock.store.listProducts() }
    await #expect(throws: damage) { try await stock.store.restock(productID: 3, quantity: 1) }
    #expect(try await stock.reduce(1) == .reduced(Product(id: 1, name: "Laptop", stock: 7)))
    stock.store.close()
  }
}

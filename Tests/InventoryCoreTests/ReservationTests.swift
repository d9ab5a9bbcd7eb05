import Foundation
import InventoryAPI
import Storage
import TestSupport
import Testing

@testable import InventoryCore

/// Idempotency keys: the first answer again, and nothing taken twice.
@Suite(.timeLimit(.minutes(1))) struct ReservationTests {
  @Test func aRepeatedKeyGetsTheFirstAnswer() async throws {
    let first = try Stock()
    let reduced = ReduceOutcome.reduced(Product(id: 1, name: "Laptop", stock: 7))
    #expect(try await first.reduce(1, key: "taken") == reduced)
    #expect(try await first.reduce(9, key: "unknown") == .unknownProduct)
    for _ in 0..<7 { _ = try await first.reduce(1) }
    #expect(try await first.reduce(1, key: "sold out") == .soldOut)
    _ = try await first.store.restock(productID: 1, quantity: 5)
    first.store.close()

    let again = try Stock(first.directory)
    for _ in 0..<2 {
      #expect(try await again.reduce(1, key: "taken") == reduced, "also after a restart")
      #expect(try await again.reduce(9, key: "unknown") == .unknownProduct)
      #expect(try await again.reduce(1, key: "sold out") == .soldOut, "though there are some now")
    }
    #expect(try await again.stocks()[0] == 5)
    again.store.close()
  }

  @Test(arguments: [1, 9] as [Int64])
  func aKeyIsForOneProduct(_ productID: Int64) async throws {
    let stock = try Stock()
    _ = try await stock.reduce(productID, key: "k")
    let before = try await stock.stocks()
    #expect(try await stock.reduce(2, key: "k") == .keyConflict)
    #expect(try await stock.stocks() == before)
    let answer = try await stock.reduce(productID, key: "k")
    #expect(answer != .keyConflict, "it is still for the first one")
    stock.store.close()
  }

  @Test func keysAreExact() async throws {
    let stock = try Stock()
    for key in ["k", "K", "k ", "ké", "k%"] { _ = try await stock.reduce(1, key: key) }
    #expect(try await stock.stocks()[0] == 3)
    stock.store.close()
  }

  @Test func aKeyThatIsUsedManyTimesAtOnceTakesOne() async throws {
    let stock = try Stock()
    let outcomes = try await withThrowingTaskGroup(of: ReduceOutcome.self) { group in
      for _ in 0..<50 { group.addTask { try await stock.reduce(1, key: "k") } }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(outcomes == [.reduced(Product(id: 1, name: "Laptop", stock: 7))])
    #expect(try await stock.stocks()[0] == 7)
    stock.store.close()
  }

  @Test func keysAreForgottenTheOldestFirst() async throws {
    let stock = try Stock()
    for number in 0..<5 { _ = try await stock.reduce(4, key: "\(number)") }
    // Their order by age is not that of their use: the clock was set meanwhile.
    try await stock.execute("UPDATE reservations SET created_at = 1000 - id")
    let store = stock.store
    func forget(before seconds: Int, limit: Int) async throws -> Int {
      try await store.forgetKeys(
        usedBefore: Date(timeIntervalSince1970: Double(seconds)), limit: limit)
    }
    #expect(try await forget(before: 995, limit: 10) == 0, "not before: none is older")
    #expect(try await forget(before: 996, limit: 10) == 1)
    #expect(try await forget(before: 1000, limit: 3) == 3)
    #expect(try await stock.stocks()[3] == 45)
    _ = try await stock.reduce(4, key: "0")
    #expect(try await stock.stocks()[3] == 45, "the youngest is remembered")
    _ = try await stock.reduce(4, key: "4")
    #expect(try await stock.stocks()[3] == 44, "the oldest is not")
    #expect(try await forget(before: 1000, limit: 3) == 1)
    #expect(try await forget(before: 1000, limit: 3) == 0, "a new key is not old")
    stock.store.close()
  }
}

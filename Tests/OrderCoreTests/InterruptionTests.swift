import InventoryAPI
import InventoryCore
import OrderCore
import Storage
import TestSupport
import Testing

/// Whatever interrupts an order: afterwards the items that are gone are the orders that are
/// confirmed, and nobody has ordered twice.
@Suite(.timeLimit(.minutes(1))) struct InterruptionTests {
  /// A shop with a real stock, whose answers can get lost.
  private struct Shop {
    let directory: TemporaryDirectory
    let stock: SQLiteStockStore

    init() throws {
      directory = try TemporaryDirectory()
      stock = try SQLiteStockStore(path: directory.file("inventory.sqlite"))
    }

    /// Asks the stock.
    func reserve(_ call: ScriptedInventory.Call) async -> ReservationOutcome {
      let outcome = try? await stock.reduceStock(
        productID: call.productID, idempotencyKey: call.key, patience: nil)
      switch outcome {
      case .reduced(let product): return .reserved(productName: product.name)
      case .soldOut: return .refused(reason: "Product unavailable")
      case .unknownProduct: return .refused(reason: "Product not found")
      case .keyConflict, nil: return .unknown(reason: "\(String(describing: outcome))")
      }
    }

    var inventory: ScriptedInventory { ScriptedInventory { _, call in await reserve(call) } }

    /// Looks at what is pending as a new run does.
    func settle(_ orders: Orders) async throws {
      let flow = OrderFlow(store: orders.store, inventory: inventory)
      let settlement = try await flow.settlePending(
        after: 0, age: .zero, timeout: .seconds(30))
      #expect(settlement.undecidedCount == 0)
    }

    /// Whether the laptops that are gone are the orders that are confirmed.
    func isConsistent(_ orders: Orders, confirmed: Int) async throws -> Bool {
      let left = try await stock.listProducts()[0].stock
      let statuses = Array(try await orders.rows().values)
      return statuses.count { $0 == "confirmed" } == confirmed
        && !statuses.contains("pending") && Int(left) == 8 - confirmed
    }
  }

  private let laptop = OrderRequest(username: "ann", productID: 1)

  @Test func afterStoringTheOrder() async throws {
    let shop = try Shop()
    let first = try Orders()
    _ = try await first.create("ann", 1)
    first.store.close()

    let orders = try Orders(first.directory)
    try await shop.settle(orders)
    #expect(try await shop.isConsistent(orders, confirmed: 1))
    orders.store.close()
  }

  /// The process dies with the answer in its hands: its next write finds the file closed.
  @Test(arguments: [1, 9] as [Int64])
  func afterReserving(_ productID: Int64) async throws {
    let shop = try Shop()
    let first = try Orders()
    let inventory = ScriptedInventory { _, call in
      let outcome = await shop.reserve(call)
      await onThread { first.store.close() }
      return outcome
    }
    await #expect(throws: StorageError.closed) {
      try await OrderFlow(store: first.store, inventory: inventory).place(
        OrderRequest(username: "ann", productID: productID), deadline: .now + .seconds(30))
    }
    let orders = try Orders(first.directory)
    for _ in 0..<2 { try await shop.settle(orders) }
    #expect(try await shop.isConsistent(orders, confirmed: productID == 1 ? 1 : 0))
    orders.store.close()
  }

  /// The request gets lost, or its answer.
  @Test(arguments: [false, true])
  func whenNobodyKnows(_ isReserved: Bool) async throws {
    let shop = try Shop()
    let orders = try Orders()
    let inventory = ScriptedInventory { _, call in
      if isReserved { _ = await shop.reserve(call) }
      return .unknown(reason: "timed out")
    }
    let outcome = try await OrderFlow(store: orders.store, inventory: inventory).place(
      laptop, deadline: .now + .seconds(30))
    #expect(outcome == .undecided(orderID: 1, reason: "timed out"))
    for _ in 0..<2 { try await shop.settle(orders) }
    #expect(try await shop.isConsistent(orders, confirmed: 1))
    orders.store.close()
  }

  /// While the request still waits, the order is settled, as by another process; then the request
  /// learns that it was never sent.
  @Test func whenItIsSettledBesides() async throws {
    let shop = try Shop()
    let orders = try Orders()
    let inventory = ScriptedInventory { _, _ in
      try? await shop.settle(orders)
      return .unreached(reason: "refused")
    }
    let outcome = try await OrderFlow(store: orders.store, inventory: inventory).place(
      laptop, deadline: .now + .seconds(30))
    #expect(outcome == .placed(orderID: 1), "what is stored is what is said")
    #expect(try await shop.isConsistent(orders, confirmed: 1))
    orders.store.close()
  }

  /// As before, but whoever has taken the order up has no answer yet.
  @Test func whenItIsTakenUpBesides() async throws {
    let shop = try Shop()
    let orders = try Orders()
    let inventory = ScriptedInventory { _, _ in
      _ = try? await orders.store.takeUp(1)
      return .unreached(reason: "refused")
    }
    let outcome = try await OrderFlow(store: orders.store, inventory: inventory).place(
      laptop, deadline: .now + .seconds(30))
    #expect(outcome == .undecided(orderID: 1, reason: "refused"))
    try await shop.settle(orders)
    #expect(try await shop.isConsistent(orders, confirmed: 1))
    orders.store.close()
  }

  /// A settlement has listed two orders; the second is withdrawn while the first is asked for.
  @Test func whenItIsWithdrawnBesides() async throws {
    let shop = try Shop()
    let orders = try Orders()
    _ = try await orders.create("first", 1)
    let second = try await orders.create("second", 1)
    let inventory = ScriptedInventory { _, call in
      let request = OrderRequest(username: "second", productID: 1)
      _ = try? await orders.store.withdraw(second, of: request)
      return await shop.reserve(call)
    }
    let settlement = try await OrderFlow(store: orders.store, inventory: inventory)
      .settlePending(after: 0, age: .zero, timeout: .seconds(30))
    #expect(settlement.confirmedCount == 1)
    #expect(inventory.calls.count == 1)
    #expect(try await shop.isConsistent(orders, confirmed: 1))
    orders.store.close()
  }

  @Test func whenTwoProcessesSettleAtOnce() async throws {
    let shop = try Shop()
    let orders = try Orders()
    for number in 0..<12 { _ = try await orders.create("\(number)", 1) }
    let other = try Orders(orders.directory)
    try await withThrowingTaskGroup { group in
      for part in [orders, other, orders, other] {
        group.addTask { try await shop.settle(part) }
      }
      try await group.waitForAll()
    }
    #expect(try await shop.isConsistent(orders, confirmed: 8))
    orders.store.close()
    other.store.close()
  }
}

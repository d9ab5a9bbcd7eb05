import OrderCore
import Storage
import TestSupport
import Testing

/// One look at the pending orders.
@Suite(.timeLimit(.minutes(1))) struct SettlementTests {
  private func settle(
    _ orders: Orders, _ inventory: ScriptedInventory, after: Int64 = 0, limit: Int = 100
  ) async throws -> Settlement {
    try await OrderFlow(store: orders.store, inventory: inventory).settlePending(
      after: after, age: .zero, timeout: .seconds(30), limit: limit)
  }

  private func settlement(
    _ confirmed: Int, _ rejected: Int, _ undecided: Int, next: Int64 = 0,
    isInterrupted: Bool = false
  ) -> Settlement {
    var settlement = Settlement()
    settlement.confirmedCount = confirmed
    settlement.rejectedCount = rejected
    settlement.undecidedCount = undecided
    settlement.next = next
    settlement.isInterrupted = isInterrupted
    return settlement
  }

  private func orders(_ count: Int) async throws -> Orders {
    let orders = try Orders()
    for number in 1...count { _ = try await orders.create("\(number)", Int64(number)) }
    return orders
  }

  @Test func everyOrderOnce() async throws {
    let orders = try await orders(3)
    let inventory = ScriptedInventory([
      .reserved(productName: "One"), .refused(reason: "sold out"), .reserved(productName: "Three"),
    ])
    #expect(try await settle(orders, inventory) == settlement(2, 1, 0))
    #expect(try await orders.rows() == [1: "confirmed", 2: "rejected", 3: "confirmed"])
    #expect(try await settle(orders, inventory) == settlement(0, 0, 0))
    #expect(inventory.calls.map(\.productID) == [1, 2, 3], "the oldest first, each once")
    orders.store.close()
  }

  /// One that never gets an answer does not keep the others from theirs.
  @Test func anOrderWithoutAnswerDoesNotStopTheOthers() async throws {
    let orders = try await orders(3)
    let inventory = ScriptedInventory { _, call in
      call.productID == 1 ? .unknown(reason: "500") : .reserved(productName: "")
    }
    #expect(try await settle(orders, inventory) == settlement(2, 0, 1))
    #expect(try await settle(orders, inventory) == settlement(0, 0, 1))
    #expect(try await orders.rows() == [1: "pending", 2: "confirmed", 3: "confirmed"])
    orders.store.close()
  }

  /// One that the store itself cannot read does not keep the others from theirs.
  @Test func anOrderThatIsDamagedDoesNotStopTheOthers() async throws {
    let orders = try await orders(3)
    try await orders.execute("UPDATE orders SET product_id = 'two' WHERE order_id = 2")
    let inventory = ScriptedInventory { _, _ in .reserved(productName: "") }
    var expected = settlement(2, 0, 1)
    expected.failure = .corrupt("a column has a value of another type")
    #expect(try await settle(orders, inventory) == expected)
    #expect(inventory.calls.map(\.productID) == [1, 3])
    orders.store.close()
  }

  @Test func aStoreThatFailsEndsTheLook() async throws {
    let orders = try await orders(3)
    let inventory = ScriptedInventory { _, _ in
      await onThread { orders.store.close() }
      return .reserved(productName: "")
    }
    await #expect(throws: StorageError.closed) { try await settle(orders, inventory) }
    #expect(inventory.calls.count == 1)
  }

  /// The inventory may have forgotten whether it reserved for it.
  @Test func anOrderThatIsTooOldIsLeftToPeople() async throws {
    let orders = try Orders()
    _ = try await orders.create(key: "k")
    try await orders.execute("UPDATE orders SET order_date = '2025-01-31T00:00:00.000000'")
    let inventory = ScriptedInventory([])
    #expect(try await settle(orders, inventory) == settlement(0, 0, 0))
    let outcome = try await OrderFlow(store: orders.store, inventory: inventory).place(
      OrderRequest(username: "ann", productID: 2, idempotencyKey: "k"),
      deadline: .now + .seconds(30))
    guard case .undecided(1, _) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(inventory.calls.isEmpty)
    #expect(try await orders.rows() == [1: "pending"])
    orders.store.close()
  }

  @Test func anInventoryThatIsNotThereEndsTheLook() async throws {
    let orders = try await orders(3)
    let inventory = ScriptedInventory([.unreached(reason: "refused")])
    #expect(
      try await settle(orders, inventory) == settlement(0, 0, 1, next: 1, isInterrupted: true))
    #expect(inventory.calls.count == 1)
    #expect(try await orders.rows() == [1: "pending", 2: "pending", 3: "pending"])
    orders.store.close()
  }

  @Test func aPausedInventoryIsNotAsked() async throws {
    let orders = try await orders(2)
    let inventory = ScriptedInventory([])
    inventory.setPause(.seconds(1))
    #expect(
      try await settle(orders, inventory, after: 1)
        == settlement(0, 0, 0, next: 1, isInterrupted: true))
    #expect(inventory.calls.isEmpty)
    orders.store.close()
  }

  @Test(arguments: [(10, 10, false), (11, 10, true)])
  func tooManyWithoutAnswerEndTheLook(
    _ count: Int, _ asked: Int, _ isInterrupted: Bool
  ) async throws {
    let orders = try await orders(count)
    let inventory = ScriptedInventory([])
    #expect(
      try await settle(orders, inventory)
        == settlement(0, 0, 10, next: isInterrupted ? 10 : 0, isInterrupted: isInterrupted))
    #expect(inventory.calls.count == asked)
    // The next look begins behind them, so that all get their turn.
    if isInterrupted {
      #expect(try await settle(orders, inventory, after: 10) == settlement(0, 0, 1))
      #expect(inventory.calls.last?.productID == 11)
    }
    orders.store.close()
  }

  @Test func aLookHasALimit() async throws {
    let orders = try await orders(5)
    let inventory = ScriptedInventory { _, _ in .reserved(productName: "") }
    #expect(try await settle(orders, inventory, limit: 2) == settlement(2, 0, 0, next: 2))
    #expect(try await settle(orders, inventory, after: 2, limit: 2) == settlement(2, 0, 0, next: 4))
    #expect(try await settle(orders, inventory, after: 4, limit: 2) == settlement(1, 0, 0))
    orders.store.close()
  }

  @Test func whoIsToldToStopStops() async throws {
    let orders = try await orders(3)
    let inventory = ScriptedInventory { _, _ in
      withUnsafeCurrentTask { $0?.cancel() }
      return .reserved(productName: "")
    }
    let look = Task { try await settle(orders, inventory) }
    #expect(try await look.value == settlement(1, 0, 0, next: 1, isInterrupted: true))
    orders.store.close()
  }
}

import CoreMetrics
import MetricsTestKit
import OrderCore
import Storage
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct OrderFlowTests {
  private let metrics = TestMetrics()

  private func flow(_ orders: Orders, _ inventory: ScriptedInventory) -> OrderFlow {
    withMetricsFactory(metrics) { OrderFlow(store: orders.store, inventory: inventory) }
  }

  private func request(_ key: String? = nil, _ productID: Int64 = 2) -> OrderRequest {
    OrderRequest(username: "ann", productID: productID, idempotencyKey: key)
  }

  /// Placed; rejected for want of the product, the inventory and the store; undecided.
  private func counts() throws -> [Int64] {
    [metrics.counterTotal(label: "orders.placed")]
      + ["product", "inventory", "store"].map { what in
        metrics.counterTotal(
          label: "orders.rejected", dimensions: [("reason", "\(what)_unavailable")])
      } + [metrics.counterTotal(label: "orders.undecided")]
  }

  private static let soon = Duration.seconds(30)

  /// What the inventory says, and what becomes of the order, is answered, and is counted.
  @Test(arguments: [
    (.reserved(productName: "Tablet"), .placed(orderID: 1), "confirmed", [1, 0, 0, 0, 0]),
    (.refused(reason: "Product unavailable"), .unavailable(reason: "Product unavailable"),
     "rejected", [0, 1, 0, 0, 0]),
    (.refused(reason: "Product not found"), .unavailable(reason: "Product not found"), "rejected",
     [0, 1, 0, 0, 0]),
    (.unreached(reason: "no"), .inventoryUnavailable(reason: "no", retryAfter: .seconds(1)), nil,
     [0, 0, 1, 0, 0]),
    (.unknown(reason: "no"), .undecided(orderID: 1, reason: "no"), "pending", [0, 0, 0, 0, 1]),
  ] as [(ReservationOutcome, OrderOutcome, String?, [Int64])])
  func anOrderGoesItsWay(
    _ reservation: ReservationOutcome, _ outcome: OrderOutcome, _ status: String?,
    _ counted: [Int64]
  ) async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory([reservation])
    #expect(try await flow(orders, inventory).place(request(), deadline: .now + Self.soon) == outcome)
    #expect(try await orders.rows()[1] == status)
    #expect(inventory.calls.map(\.productID) == [2])
    #expect(try counts() == counted)
    orders.store.close()
  }

  /// The same key: what the first answer was, what the inventory would say now, what is answered,
  /// and how often the inventory was asked in all.
  @Test(arguments: [
    (.reserved(productName: "Tablet"), .unreached(reason: ""), .placed(orderID: 1), 1),
    (.refused(reason: "sold out"), .reserved(productName: ""), .unavailable(reason: "sold out"), 1),
    (.unreached(reason: "no"), .reserved(productName: "Tablet"), .placed(orderID: 2), 2),
    (.unknown(reason: "no"), .reserved(productName: "Tablet"), .placed(orderID: 1), 2),
    (.unknown(reason: "no"), .refused(reason: "sold out"), .unavailable(reason: "sold out"), 2),
    (.unknown(reason: "no"), .unknown(reason: "still"), .undecided(orderID: 1, reason: "still"), 2),
    // That it cannot be reached now says nothing of the first time.
    (.unknown(reason: "no"), .unreached(reason: "gone"), .undecided(orderID: 1, reason: "gone"), 2),
  ] as [(ReservationOutcome, ReservationOutcome, OrderOutcome, Int)])
  func aRepeatedKeyIsOneOrder(
    _ first: ReservationOutcome, _ second: ReservationOutcome, _ outcome: OrderOutcome,
    _ callCount: Int
  ) async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory([first, second])
    let flow = flow(orders, inventory)
    _ = try await flow.place(request("k"), deadline: .now + Self.soon)
    #expect(try await flow.place(request("k"), deadline: .now + Self.soon) == outcome)
    #expect(inventory.calls.count == callCount)
    if case .unknown = first { #expect(Set(inventory.calls).count == 1, "the same reservation") }
    #expect(try await orders.rows().count == 1)
    #expect(try counts()[0] <= 1)
    orders.store.close()
  }

  @Test func aRepeatedAnswerIsNotCountedAgain() async throws {
    let orders = try Orders()
    let flow = flow(orders, ScriptedInventory([.reserved(productName: ""), .refused(reason: "")]))
    for key in ["placed", "rejected"] {
      for _ in 0..<3 { _ = try await flow.place(request(key), deadline: .now + Self.soon) }
    }
    #expect(try counts() == [1, 1, 0, 0, 0])
    orders.store.close()
  }

  @Test func aKeyIsForItsParameters() async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory([.reserved(productName: "Tablet")])
    let flow = flow(orders, inventory)
    _ = try await flow.place(request("k"), deadline: .now + Self.soon)
    #expect(try await flow.place(request("k", 3), deadline: .now + Self.soon) == .keyConflict)
    inventory.setPause(.seconds(7))
    #expect(try await flow.place(request("k", 3), deadline: .now + Self.soon) == .keyConflict)
    #expect(inventory.calls.count == 1)
    #expect(try counts() == [1, 0, 0, 0, 0])
    orders.store.close()
  }

  @Test func twoAtOnceWithOneKeyHearTheSame() async throws {
    let orders = try Orders()
    let (both, arrived) = AsyncStream.makeStream(of: Void.self)
    let inventory = ScriptedInventory { number, _ in
      // The first answer waits for the second question.
      if number == 1 { arrived.finish() }
      for await _ in both {}
      return .reserved(productName: "Tablet")
    }
    let flow = flow(orders, inventory)
    let request = request("k")
    async let first = flow.place(request, deadline: .now + Self.soon)
    async let second = flow.place(request, deadline: .now + Self.soon)
    #expect(try await first == .placed(orderID: 1))
    #expect(try await second == .placed(orderID: 1))
    #expect(Set(inventory.calls).count == 1)
    #expect(try await orders.rows() == [1: "confirmed"])
    #expect(try counts() == [1, 0, 0, 0, 0])
    orders.store.close()
  }

  /// Without asking anybody, and without a trace in the store.
  @Test func aPausedInventoryIsNotAsked() async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory([.reserved(productName: "Tablet"), .unknown(reason: "no")])
    let flow = flow(orders, inventory)
    _ = try await flow.place(request("placed"), deadline: .now + Self.soon)
    _ = try await flow.place(request("pending"), deadline: .now + Self.soon)
    inventory.setPause(.seconds(7))
    for key in [nil, "new"] {
      guard
        case .inventoryUnavailable(_, let retryAfter) = try await flow.place(
          request(key), deadline: .now + Self.soon)
      else {
        Issue.record("it was answered")
        continue
      }
      #expect(retryAfter == .seconds(7))
    }
    #expect(
      try await flow.place(request("placed"), deadline: .now + Self.soon) == .placed(orderID: 1),
      "what is known is known")
    guard
      case .undecided(2, _) = try await flow.place(
        request("pending"), deadline: .now + Self.soon)
    else {
      Issue.record("it was decided")
      return
    }
    #expect(inventory.calls.count == 2)
    #expect(try counts() == [1, 0, 2, 0, 2])
    #expect(try await orders.rows() == [1: "confirmed", 2: "pending"])
    orders.store.close()
  }

  @Test func whatIsWithdrawnTellsHowLongToWait() async throws {
    let orders = try Orders()
    let box = Log<ScriptedInventory>()
    let inventory = ScriptedInventory { _, _ in
      box.values.first?.setPause(.seconds(3))
      return .unreached(reason: "no")
    }
    box.append(inventory)
    #expect(
      try await flow(orders, inventory).place(request(), deadline: .now + Self.soon)
        == .inventoryUnavailable(reason: "no", retryAfter: .seconds(3)))
    orders.store.close()
  }

  /// What cannot be stored at all is rejected; an order whose decision cannot be stored may still be
  /// placed.
  @Test func aStoreThatFailsIsCounted() async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory { _, _ in
      await onThread { orders.store.close() }
      return .reserved(productName: "Tablet")
    }
    let flow = flow(orders, inventory)
    for expected in [[0, 0, 0, 0, 1], [0, 0, 0, 1, 1]] as [[Int64]] {
      await #expect(throws: StorageError.closed) {
        try await flow.place(request(), deadline: .now + Self.soon)
      }
      #expect(try counts() == expected)
    }
  }

  @Test func aRequestWhoseTimeIsOverIsNotStored() async throws {
    let orders = try Orders()
    let inventory = ScriptedInventory([])
    await #expect(throws: StorageError.timedOut) {
      try await flow(orders, inventory).place(request(), deadline: .now)
    }
    #expect(inventory.calls.isEmpty)
    #expect(try await orders.rows().isEmpty)
    #expect(try counts() == [0, 0, 0, 0, 1])
    orders.store.close()
  }
}

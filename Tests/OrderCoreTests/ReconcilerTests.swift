import CoreMetrics
import Logging
import MetricsTestKit
import OrderCore
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ReconcilerTests {
  private let metrics = TestMetrics()

  private func reconciler(
    _ orders: Orders, _ inventory: ScriptedInventory, interval: Duration,
    ageMin: Duration = .seconds(3600), ageMax: Duration = .seconds(7200)
  ) -> Reconciler {
    var configuration = Reconciler.Configuration()
    configuration.interval = interval
    configuration.ageMin = ageMin
    return withMetricsFactory(metrics) {
      Reconciler(
        configuration, flow: OrderFlow(store: orders.store, inventory: inventory, reservationAgeMax: ageMax),
        store: orders.store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
  }

  /// Waits until it has looked `count` times.
  private func looks(_ count: Int) async throws {
    while try metrics.expectRecorder("orders.pending").values.count < count { await Task.yield() }
  }

  /// More than one look sees, without a rest between.
  @Test func settlesAllAtTheStart() async throws {
    let orders = try Orders()
    for _ in 0..<250 { _ = try await orders.create() }
    let (answered, note) = AsyncStream.makeStream(of: Void.self)
    let inventory = ScriptedInventory { number, _ in
      if number == 249 { note.finish() }
      return .reserved(productName: "Tablet")
    }
    let reconciler = reconciler(orders, inventory, interval: .seconds(3600))
    let work = Task { await reconciler.run() }
    for await _ in answered {}
    try await looks(3)
    work.cancel()
    await work.value
    #expect(try await orders.pending() == [])
    #expect(try await orders.list().count == 250)
    #expect(try metrics.expectRecorder("orders.pending").values == [150, 50, 0])
    #expect(try metrics.expectRecorder("orders.pending.stale").values == [0, 0, 0])
    orders.store.close()
  }

  @Test func leavesYoungOrdersToTheirRequests() async throws {
    let orders = try Orders()
    _ = try await orders.create()
    let inventory = ScriptedInventory([])
    let reconciler = reconciler(orders, inventory, interval: .milliseconds(1))
    let work = Task { await reconciler.run() }
    try await looks(5)
    #expect(inventory.calls.count == 1, "once at the start, when no request was there")
    try await orders.execute("UPDATE orders SET order_date = '2025-01-31T00:00:00.000000'")
    try await looks(10)
    #expect(inventory.calls.count == 1, "its key may be forgotten by now")
    let date = "strftime('%Y-%m-%dT%H:%M:%f', 'now', '-5000 seconds')"
    try await orders.execute("UPDATE orders SET order_date = \(date)")
    while inventory.calls.count < 3 { await Task.yield() }
    work.cancel()
    await work.value
    #expect(try metrics.expectRecorder("orders.pending.stale").values.last == 1)
    orders.store.close()
  }

  @Test func goesOnAfterAnError() async throws {
    let orders = try Orders()
    _ = try await orders.create()
    try await orders.execute("ALTER TABLE orders RENAME TO hidden")
    let inventory = ScriptedInventory { _, _ in .reserved(productName: "Tablet") }
    let reconciler = reconciler(orders, inventory, interval: .milliseconds(1), ageMin: .zero)
    let work = Task { await reconciler.run() }
    await Task.yield()
    try await orders.execute("ALTER TABLE hidden RENAME TO orders")
    while try await orders.list().isEmpty { await Task.yield() }
    work.cancel()
    await work.value
    orders.store.close()
  }

  /// A dead inventory is asked once in each look.
  @Test func doesNotHammerADeadInventory() async throws {
    let orders = try Orders()
    for _ in 0..<5 { _ = try await orders.create() }
    let inventory = ScriptedInventory { _, _ in .unreached(reason: "refused") }
    let reconciler = reconciler(orders, inventory, interval: .milliseconds(1), ageMin: .zero)
    let work = Task { await reconciler.run() }
    try await looks(5)
    let (callCount, lookCount) = (
      inventory.calls.count, try metrics.expectRecorder("orders.pending").values.count
    )
    work.cancel()
    await work.value
    // The calls were counted first; one more look may have begun.
    #expect(callCount <= lookCount + 1)
    #expect(Set(inventory.calls).count == 5, "but each gets its turn")
    orders.store.close()
  }
}

import InMemoryTracing
import OrderCore
import ServiceContextModule
import TestSupport
import Testing
import Tracing

/// An order keeps the trace of the request that made it, until it is decided.
@Suite(.timeLimit(.minutes(1))) struct TraceOriginTests {
  private let tracer = InMemoryTracer()

  /// Stores an order within a span. Returns that span's ids.
  private func createTraced(_ orders: Orders) async throws -> (trace: String, span: String) {
    try await withTracer(tracer) {
      try await withSpan("request") { span in
        _ = try await orders.create()
        let context = try #require(span.context.inMemorySpanContext)
        return (context.traceID, context.spanID)
      }
    }
  }

  private func origin(_ orders: Orders) async throws -> TraceOrigin? {
    guard case .pending(let order)? = try await orders.store.takeUp(1) else { return nil }
    return order.origin
  }

  @Test func isKeptWithTheOrder() async throws {
    let first = try Orders()
    let ids = try await createTraced(first)
    first.store.close()
    let orders = try Orders(first.directory)
    let origin = try #require(try await origin(orders))
    let linked = withTracer(tracer) { origin.context.inMemorySpanContext }
    #expect(linked?.traceID == ids.trace && linked?.spanID == ids.span)
    orders.store.close()
  }

  @Test func isNothingWithoutATrace() async throws {
    let orders = try Orders()
    _ = try await orders.create()
    #expect(try await origin(orders) == nil)
    #expect(TraceOrigin(nil) == nil)
    #expect(TraceOrigin(.topLevel) == nil)
    orders.store.close()
  }

  @Test(arguments: ["", "nonsense", "a\nb: \n: c\n\n", "in-memory-trace-id: "])
  func textThatSaysNothingLinksToNothing(_ text: String) {
    let context = withTracer(tracer) { TraceOrigin(text: text).context }
    #expect(context.inMemorySpanContext == nil)
  }

  /// A settlement is a trace of its own that points to the request's.
  @Test(arguments: [
    (ReservationOutcome.reserved(productName: "Tablet"), "confirmed"),
    (.refused(reason: "sold out"), "rejected"), (.unknown(reason: "500"), "pending"),
  ])
  func aSettlementLinksToIt(_ outcome: ReservationOutcome, _ state: String) async throws {
    let orders = try Orders()
    let ids = try await createTraced(orders)
    let flow = OrderFlow(store: orders.store, inventory: ScriptedInventory([outcome]))
    try await withTracer(tracer) {
      _ = try await flow.settlePending(
        after: 0, age: .zero, timeout: .seconds(30))
    }
    let span = try #require(tracer.finishedSpans.first { $0.operationName == "settle_order" })
    #expect(span.parentSpanID == nil)
    #expect(span.links.map(\.context.inMemorySpanContext?.traceID) == [ids.trace])
    #expect(span.links.map(\.context.inMemorySpanContext?.spanID) == [ids.span])
    #expect(span.attributes.get("order_id") == .int64(1))
    #expect(span.attributes.get("product_id") == .int64(2))
    #expect(span.attributes.get("order_state") == .string(state))
    let children = tracer.finishedSpans.filter { $0.parentSpanID == span.spanID }
    #expect(
      children.map(\.operationName)
        == Array(repeating: "UPDATE orders", count: state == "pending" ? 1 : 2))
    orders.store.close()
  }

  /// A client that repeats its request finds the order that the first one left.
  @Test func aRepeatedRequestLinksToTheFirst() async throws {
    let orders = try Orders()
    let flow = OrderFlow(
      store: orders.store,
      inventory: ScriptedInventory([.unknown(reason: "500"), .reserved(productName: "Tablet")]))
    let request = OrderRequest(username: "ann", productID: 2, idempotencyKey: "k")
    for name in ["first", "second"] {
      try await withTracer(tracer) {
        try await withSpan(name) { _ in
          _ = try await flow.place(request, deadline: .now + .seconds(30))
        }
      }
    }
    let spans = tracer.finishedSpans
    let first = try #require(spans.first { $0.operationName == "first" })
    let second = try #require(spans.first { $0.operationName == "second" })
    let settle = try #require(spans.first { $0.operationName == "settle_order" })
    #expect(settle.parentSpanID == second.spanID)
    #expect(settle.links.map(\.context.inMemorySpanContext?.spanID) == [first.spanID])
    #expect(spans.count { $0.operationName == "settle_order" } == 1)
    orders.store.close()
  }

  @Test func aDecidedOrderNeedsItNoMore() async throws {
    let orders = try Orders()
    for _ in 0..<2 { _ = try await createTraced(orders) }
    for (id, isConfirmed) in [(1, true), (2, false)] as [(Int64, Bool)] {
      guard case .pending(let order)? = try await orders.store.takeUp(id) else { continue }
      if isConfirmed {
        _ = try await orders.store.confirm(order, productName: "Tablet")
      } else {
        _ = try await orders.store.reject(order, reason: "sold out")
      }
    }
    try await orders.execute("UPDATE orders SET status = 'pending'")
    for id in [1, 2] as [Int64] {
      guard case .pending(let order)? = try await orders.store.takeUp(id) else {
        Issue.record("order \(id) is gone")
        continue
      }
      #expect(order.origin == nil)
    }
    orders.store.close()
  }
}

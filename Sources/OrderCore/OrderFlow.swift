import Metrics
import ServiceContextModule
package import Storage
import Tracing

/// The way of an order: stored as pending, reserved at the inventory under its own key, and then
/// confirmed or rejected. Whatever happens between the steps, the stored order and the key are
/// enough to find out later what became of it.
package struct OrderFlow: Sendable {
  /// Orders that may stay without an answer in one look at the pending ones; more end it.
  private static let undecidedMax = 10

  private let store: any OrderStore
  private let inventory: any Inventory
  private let reservationAgeMax: Duration
  private let metrics = OrderMetrics()

  /// - Parameter reservationAgeMax: For how long the inventory surely remembers a reservation. What
  ///   has been pending for longer is left to people: asking again might reserve a second item.
  package init(
    store: any OrderStore, inventory: any Inventory,
    reservationAgeMax: Duration = .seconds(27 * 86_400)
  ) {
    self.store = store
    self.inventory = inventory
    self.reservationAgeMax = reservationAgeMax
  }

  /// - Parameter deadline: For everything, but for the last write that keeps the inventory's answer.
  /// - Throws: `StorageError` when the order could not be stored, or not be decided.
  package func place(
    _ request: OrderRequest, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    if let pause = inventory.pause {
      return try await counted(isBegun: false) { () async throws(StorageError) -> OrderOutcome in
        try await answerWithoutInventory(request, pause: pause)
      }
    }
    let creation = try await counted(isBegun: false) {
      () async throws(StorageError) -> CreationOutcome in
      try await store.create(request, patience: deadline - .now)
    }
    let outcome = try await counted(isBegun: true) {
      () async throws(StorageError) -> OrderOutcome in
      switch creation {
      case .keyConflict: .keyConflict
      case .known(let state): try await resume(state, deadline: deadline)
      case .created(let order): try await finish(order, request, deadline: deadline)
      }
    }
    switch outcome {
    case .inventoryUnavailable: metrics.inventoryUnavailable.increment()
    case .undecided: metrics.undecided.increment()
    // Counted by whoever decided it, which may be another request.
    case .placed, .unavailable, .keyConflict: break
    }
    return outcome
  }

  /// Counts what the store throws: once the order may be stored, it may still be placed.
  private func counted<R>(
    isBegun: Bool, _ body: () async throws(StorageError) -> R
  ) async throws(StorageError) -> R {
    do throws(StorageError) {
      return try await body()
    } catch {
      let mayBePlaced = isBegun || error == .timedOut
      (mayBePlaced ? metrics.undecided : metrics.storeUnavailable).increment()
      throw error
    }
  }

  private func finish(
    _ order: PendingOrder, _ request: OrderRequest, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    let outcome = await reserve(order, deadline: deadline)
    guard case .unreached(let reason) = outcome else { return try await decide(order, outcome) }
    if try await store.withdraw(order, of: request) {
      return .inventoryUnavailable(reason: reason, retryAfter: inventory.pause ?? .seconds(1))
    }
    // Somebody else has taken it up, and may have decided it.
    return self.outcome(try await store.takeUp(order.id) ?? .pending(order), reason: reason)
  }

  /// What is known already needs no inventory; nothing else is begun.
  private func answerWithoutInventory(
    _ request: OrderRequest, pause: Duration
  ) async throws(StorageError) -> OrderOutcome {
    let reason = "the inventory is not asked, because it has not answered lately"
    guard request.idempotencyKey != nil, let known = try await store.find(request) else {
      metrics.inventoryUnavailable.increment()
      return .inventoryUnavailable(reason: reason, retryAfter: pause)
    }
    guard case .known(let state) = known else { return .keyConflict }
    let outcome = outcome(state, reason: reason)
    if case .undecided = outcome { metrics.undecided.increment() }
    return outcome
  }

  /// A repeated request goes on where the first one was left, or still is: both ask with the same
  /// key, and so both hear the same.
  private func resume(
    _ state: OrderState, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    guard case .pending(let known) = state else { return outcome(state, reason: "") }
    guard known.date >= OrderDate.ago(reservationAgeMax) else {
      return .undecided(
        orderID: known.id, reason: "the inventory may have forgotten whether it reserved the item")
    }
    return try await settle(known.id, deadline: deadline).outcome
      ?? .inventoryUnavailable(reason: "the order was withdrawn", retryAfter: .seconds(1))
  }

  /// Settles orders that an earlier run, or a silent inventory, left undecided. One that cannot be
  /// decided does not stop the others; an inventory that is not there ends the look.
  /// - Parameters:
  ///   - after: Only orders with higher ids.
  ///   - age: Only orders at least this old: younger ones are being decided by the request that
  ///     made them.
  ///   - timeout: For each order.
  /// - Throws: What keeps the store from deciding any order.
  package func settlePending(
    after: Int64, age: Duration, timeout: Duration, limit: Int = 100
  ) async throws(StorageError) -> Settlement {
    var settlement = Settlement()
    settlement.next = after
    let ids = try await store.listPending(
      after: after, age: age, ageMax: reservationAgeMax, limit: limit)
    for id in ids {
      guard inventory.pause == nil, settlement.undecidedCount < Self.undecidedMax,
        !Task.isCancelled
      else {
        settlement.isInterrupted = true
        return settlement
      }
      settlement.next = id
      let (outcome, answer): (OrderOutcome?, ReservationOutcome?)
      do throws(StorageError) {
        (outcome, answer) = try await settle(id, deadline: .now + timeout)
      } catch {
        guard error.isOfOneOperation else { throw error }
        settlement.undecidedCount += 1
        settlement.failure = error
        continue
      }
      guard let answer else { continue }
      switch outcome {
      case .placed?: settlement.confirmedCount += 1
      case .unavailable?: settlement.rejectedCount += 1
      case .undecided?, .inventoryUnavailable?, .keyConflict?, nil: settlement.undecidedCount += 1
      }
      if case .unreached = answer {
        settlement.isInterrupted = true
        return settlement
      }
    }
    if ids.count < limit { settlement.next = 0 }
    return settlement
  }

  /// Takes up an order that another request has left, and asks what became of it: in a span that
  /// links to that request's trace.
  /// - Returns: What the order is now, nil when it is gone; and what the inventory said, nil when it
  ///   was not asked, because the order was decided already.
  private func settle(
    _ orderID: Int64, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> (outcome: OrderOutcome?, answer: ReservationOutcome?) {
    let span = InstrumentationSystem.tracer.startAnySpan("settle_order")
    defer { span.end() }
    span.attributes["order_id"] = orderID
    let settled: Result<(OrderOutcome?, ReservationOutcome?), StorageError> =
      await ServiceContext.withValue(span.context) {
        do throws(StorageError) {
          return .success(try await takeUpAndDecide(orderID, deadline: deadline, span))
        } catch {
          return .failure(error)
        }
      }
    do throws(StorageError) {
      let (outcome, answer) = try settled.get()
      span.attributes["order_state"] = outcome?.stateName ?? "withdrawn"
      return (outcome, answer)
    } catch {
      span.setStatus(SpanStatus(code: .error, message: error.description))
      throw error
    }
  }

  private func takeUpAndDecide(
    _ orderID: Int64, deadline: ContinuousClock.Instant, _ span: any Span
  ) async throws(StorageError) -> (OrderOutcome?, ReservationOutcome?) {
    guard let state = try await store.takeUp(orderID) else { return (nil, nil) }
    guard case .pending(let order) = state else { return (outcome(state, reason: ""), nil) }
    span.attributes["product_id"] = order.productID
    if let origin = order.origin {
      span.addLink(SpanLink(context: origin.context, attributes: [:]))
    }
    let answer = await reserve(order, deadline: deadline)
    return (try await decide(order, answer), answer)
  }

  private func reserve(
    _ order: PendingOrder, deadline: ContinuousClock.Instant
  ) async -> ReservationOutcome {
    await inventory.reserve(
      productID: order.productID, key: order.reservationKey, deadline: deadline)
  }

  private func decide(
    _ order: PendingOrder, _ outcome: ReservationOutcome
  ) async throws(StorageError) -> OrderOutcome {
    let decision: Decision
    switch outcome {
    case .reserved(let productName):
      decision = try await store.confirm(order, productName: productName)
      if decision.isNew { metrics.placed.increment() }
    case .refused(let reason):
      decision = try await store.reject(order, reason: reason)
      if decision.isNew { metrics.productUnavailable.increment() }
    case .unreached(let reason), .unknown(let reason):
      return .undecided(orderID: order.id, reason: reason)
    }
    // Not what was just heard but what is stored: so everybody says the same.
    return self.outcome(decision.state ?? .pending(order), reason: "the order is gone")
  }

  private func outcome(_ state: OrderState, reason: String) -> OrderOutcome {
    switch state {
    case .confirmed(let orderID): .placed(orderID: orderID)
    case .rejected(let reason): .unavailable(reason: reason)
    case .pending(let order): .undecided(orderID: order.id, reason: reason)
    }
  }
}

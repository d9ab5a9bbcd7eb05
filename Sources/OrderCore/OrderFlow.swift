import Metrics
package import Storage

/// The way of an order: stored as pending, reserved at the inventory under its own key, and then
/// confirmed or rejected. Whatever happens between the steps, the stored order and the key are
/// enough to find out later what became of it.
package struct OrderFlow: Sendable {
  /// Orders that may stay without an answer in one look at the pending ones; more end it.
  private static let undecidedMax = 10

  private let store: any OrderStore
  private let inventory: any Inventory
  private let metrics = OrderMetrics()

  package init(store: any OrderStore, inventory: any Inventory) {
    self.store = store
    self.inventory = inventory
  }

  /// - Parameter deadline: For everything, but for the last write that keeps the inventory's answer.
  /// - Throws: `StorageError` when the order could not be stored, or not be decided.
  package func place(
    _ request: OrderRequest, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    do throws(StorageError) {
      let outcome = try await tryToPlace(request, deadline: deadline)
      switch outcome {
      case .inventoryUnavailable, .undecided: metrics.inventoryUnavailable.increment()
      case .placed, .unavailable, .keyConflict: break
      }
      return outcome
    } catch {
      metrics.storeUnavailable.increment()
      throw error
    }
  }

  private func tryToPlace(
    _ request: OrderRequest, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    if let pause = inventory.pause {
      return try await answerWithoutInventory(request, pause: pause)
    }
    switch try await store.create(request, patience: deadline - .now) {
    case .keyConflict: return .keyConflict
    case .known(let state): return try await resume(state, deadline: deadline)
    case .created(let order):
      let outcome = await reserve(order, deadline: deadline)
      guard case .unreached(let reason) = outcome else { return try await decide(order, outcome) }
      if try await store.withdraw(order, of: request) {
        return .inventoryUnavailable(
          reason: reason, retryAfter: inventory.pause ?? .seconds(1))
      }
      // Somebody else has taken it up, and may have decided it.
      return self.outcome(try await store.takeUp(order.id) ?? .pending(order), reason: reason)
    }
  }

  /// What is known already needs no inventory; nothing else is begun.
  private func answerWithoutInventory(
    _ request: OrderRequest, pause: Duration
  ) async throws(StorageError) -> OrderOutcome {
    let reason = "the inventory is not asked, because it has not answered lately"
    guard request.idempotencyKey != nil, let known = try await store.find(request) else {
      return .inventoryUnavailable(reason: reason, retryAfter: pause)
    }
    guard case .known(let state) = known else { return .keyConflict }
    return outcome(state, reason: reason)
  }

  /// A repeated request goes on where the first one was left, or still is: both ask with the same
  /// key, and so both hear the same.
  private func resume(
    _ state: OrderState, deadline: ContinuousClock.Instant
  ) async throws(StorageError) -> OrderOutcome {
    guard case .pending(let known) = state else { return outcome(state, reason: "") }
    let present = try await store.takeUp(known.id)
    guard case .pending(let order)? = present else {
      return present.map { outcome($0, reason: "") }
        ?? .inventoryUnavailable(reason: "the order was withdrawn", retryAfter: .seconds(1))
    }
    return try await decide(order, await reserve(order, deadline: deadline))
  }

  /// Settles orders that an earlier run, or a silent inventory, left undecided. One that cannot be
  /// decided does not stop the others; an inventory that is not there ends the look.
  /// - Parameters:
  ///   - after: Only orders with higher ids.
  ///   - age: Only orders at least this old: younger ones are being decided by the request that
  ///     made them.
  ///   - ageMax: Not those that are older, whose keys the inventory may have forgotten.
  ///   - timeout: For each order.
  package func settlePending(
    after: Int64, age: Duration, ageMax: Duration, timeout: Duration, limit: Int = 100
  ) async throws(StorageError) -> Settlement {
    var settlement = Settlement()
    settlement.next = after
    let ids = try await store.listPending(after: after, age: age, ageMax: ageMax, limit: limit)
    for id in ids {
      guard inventory.pause == nil, settlement.undecidedCount < Self.undecidedMax,
        !Task.isCancelled
      else {
        settlement.isInterrupted = true
        return settlement
      }
      settlement.next = id
      guard case .pending(let order)? = try await store.takeUp(id) else { continue }
      let outcome = await reserve(order, deadline: .now + timeout)
      switch try await decide(order, outcome) {
      case .placed: settlement.confirmedCount += 1
      case .unavailable: settlement.rejectedCount += 1
      case .undecided, .inventoryUnavailable, .keyConflict: settlement.undecidedCount += 1
      }
      if case .unreached = outcome {
        settlement.isInterrupted = true
        return settlement
      }
    }
    if ids.count < limit { settlement.next = 0 }
    return settlement
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

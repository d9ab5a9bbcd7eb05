package import Storage

/// What an order came to.
package enum OrderOutcome: Hashable, Sendable {
  case placed(orderID: Int64)
  /// The product is unknown or sold out.
  case unavailable(reason: String)
  /// The inventory could not be asked; nothing was ordered.
  case inventoryUnavailable(reason: String)
  /// The inventory gave no answer; the order waits for one.
  case undecided(orderID: Int64, reason: String)
}

/// The way of an order: stored as pending, reserved at the inventory under its own key, and then
/// confirmed or rejected. Whatever happens between the steps, the stored order and the key are
/// enough to find out later what became of it.
package struct OrderFlow: Sendable {
  private let store: any OrderStore
  private let inventory: any Inventory

  package init(store: any OrderStore, inventory: any Inventory) {
    self.store = store
    self.inventory = inventory
  }

  /// - Throws: `StorageError` when the order could not be stored, or not be decided.
  package func place(
    username: String, productID: Int64
  ) async throws(StorageError) -> OrderOutcome {
    let order = try await store.createPending(username: username, productID: productID)
    let outcome = await inventory.reserve(productID: productID, key: order.reservationKey)
    if case .unreached(let reason) = outcome {
      try await store.reject(order, reason: "inventory unavailable")
      return .inventoryUnavailable(reason: reason)
    }
    return try await decide(order, outcome)
  }

  /// Settles the orders that an earlier run, or a silent inventory, left undecided. Stops at the
  /// first that still cannot be decided.
  /// - Parameter age: Only orders at least this old: younger ones are being decided by the request
  ///   that made them.
  /// - Returns: How many were decided.
  package func settlePending(
    olderThan age: Duration, limit: Int = 100
  ) async throws(StorageError) -> Int {
    var settled = 0
    for order in try await store.listPending(olderThan: age, limit: limit) {
      // The first request may have got through, so that not reaching it now says nothing.
      let outcome = await inventory.reserve(
        productID: order.productID, key: order.reservationKey)
      if case .unreached = outcome { break }
      if case .undecided = try await decide(order, outcome) { break }
      settled += 1
    }
    return settled
  }

  private func decide(
    _ order: PendingOrder, _ outcome: ReservationOutcome
  ) async throws(StorageError) -> OrderOutcome {
    switch outcome {
    case .reserved(let productName):
      try await store.confirm(order, productName: productName)
      return .placed(orderID: order.id)
    case .refused(let reason):
      try await store.reject(order, reason: reason)
      return .unavailable(reason: reason)
    case .unreached(let reason), .unknown(let reason):
      return .undecided(orderID: order.id, reason: reason)
    }
  }
}

package import Storage

/// What an order came to.
package enum OrderOutcome: Hashable, Sendable {
  case placed(orderID: Int64)
  /// The product is unknown or sold out.
  case unavailable(reason: String)
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
    return try await settle(order)
  }

  /// Finds out what becomes of a pending order, and decides it.
  package func settle(_ order: PendingOrder) async throws(StorageError) -> OrderOutcome {
    switch await inventory.reserve(productID: order.productID, key: order.reservationKey) {
    case .reserved(let productName):
      try await store.confirm(order, productName: productName)
      return .placed(orderID: order.id)
    case .refused(let reason):
      try await store.reject(order, reason: reason)
      return .unavailable(reason: reason)
    case .unknown(let reason):
      return .undecided(orderID: order.id, reason: reason)
    }
  }

  /// Settles the orders that an earlier run, or a silent inventory, left undecided. Stops at the
  /// first that still cannot be decided.
  /// - Returns: How many were decided.
  package func settlePending(limit: Int = 100) async throws(StorageError) -> Int {
    var settled = 0
    for order in try await store.listPending(limit: limit) {
      if case .undecided = try await settle(order) { break }
      settled += 1
    }
    return settled
  }
}

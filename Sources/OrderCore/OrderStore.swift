package import Storage

/// An order that was stored and is not decided yet.
package struct PendingOrder: Hashable, Sendable {
  package let id: Int64
  package let productID: Int64
  /// What tells the inventory that two reservations are one; unique among all stores.
  package let reservationKey: String
}

/// The orders.
package protocol OrderStore: Sendable {
  func createPending(
    username: String, productID: Int64
  ) async throws(StorageError) -> PendingOrder

  /// Decides a pending order; harmless when it is decided already.
  func confirm(_ order: PendingOrder, productName: String) async throws(StorageError)

  /// Decides a pending order; harmless when it is decided already.
  func reject(_ order: PendingOrder, reason: String) async throws(StorageError)

  /// Confirmed orders with ids above `after` and up to `through`, by id.
  func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order]

  /// The highest id given so far, 0 for none: the end of a listing that is to be consistent.
  func lastOrderID() async throws(StorageError) -> Int64

  /// Orders that are still pending, the oldest first.
  func listPending(olderThan age: Duration, limit: Int) async throws(StorageError) -> [PendingOrder]

  /// - Throws: When the store does not answer.
  func checkHealth() async throws(StorageError)
}

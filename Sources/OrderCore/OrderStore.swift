package import Foundation
package import Storage

/// What storing a new order came to.
package enum CreationOutcome: Hashable, Sendable {
  case created(PendingOrder)
  /// The idempotency key stands for this order already.
  case known(OrderState)
  /// The idempotency key was used with other parameters.
  case keyConflict
}

/// An order after a try to decide it.
package struct Decision: Hashable, Sendable {
  /// Nil when there is no such order (any more).
  package let state: OrderState?
  /// Whether it was this try that decided it.
  package let isNew: Bool
}

/// The orders.
///
/// An undecided order belongs to the request that made it, which may withdraw it. Whoever takes it up
/// besides, be it another process, raises its fence first, and from then on it cannot be withdrawn:
/// so nobody deletes what another may just have reserved.
package protocol OrderStore: Sendable {
  /// Stores a new order as pending, unless its key is known.
  /// - Parameter patience: How long that may wait for its turn; then `timedOut` is thrown.
  func create(
    _ request: OrderRequest, patience: Duration
  ) async throws(StorageError) -> CreationOutcome

  /// What the request's idempotency key stands for; nil when it is new or there is none.
  func find(_ request: OrderRequest) async throws(StorageError) -> CreationOutcome?

  /// Raises the fence of a pending order.
  /// - Returns: The order with its new fence, or how it was decided; nil when it is gone.
  func takeUp(_ orderID: Int64) async throws(StorageError) -> OrderState?

  /// Decides a pending order.
  func confirm(
    _ order: PendingOrder, productName: String
  ) async throws(StorageError) -> Decision

  /// Decides a pending order.
  func reject(_ order: PendingOrder, reason: String) async throws(StorageError) -> Decision

  /// Deletes a pending order and its idempotency key as if they had never been, if nobody has taken
  /// it up.
  /// - Returns: Whether it is gone.
  func withdraw(
    _ order: PendingOrder, of request: OrderRequest
  ) async throws(StorageError) -> Bool

  /// Confirmed orders with ids above `after` and up to `through`, by id.
  func listConfirmed(
    after: Int64, through: Int64, limit: Int
  ) async throws(StorageError) -> [Order]

  /// The highest id given so far, 0 for none: the end of a listing that is to be consistent.
  func lastOrderID() async throws(StorageError) -> Int64

  /// Ids above `after` of pending orders at least as old as `age`, by id. One from the future, which
  /// only a clock that was set back can make, counts as old.
  /// - Parameter ageMax: Not those that are older.
  func listPending(
    after: Int64, age: Duration, ageMax: Duration, limit: Int
  ) async throws(StorageError) -> [Int64]

  /// How many pending orders are at least as old as `age`; counts to `max`.
  func countPending(age: Duration, max: Int) async throws(StorageError) -> Int

  /// Forgets idempotency keys, and deletes rejected orders, from before `date`, the oldest first. The
  /// key of a pending order stays: whoever repeats it must find that order.
  /// - Parameter limit: How many of each at the most.
  /// - Returns: How many of the more numerous.
  func prune(before date: Date, limit: Int) async throws(StorageError) -> Int

  /// - Throws: When the store does not answer.
  func checkHealth() async throws(StorageError)
}

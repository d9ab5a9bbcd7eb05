package import Foundation
package import InventoryAPI
package import Storage

/// What a try to take one item came to.
package enum ReduceOutcome: Hashable, Sendable {
  case reduced(Product)
  case unknownProduct
  case soldOut
  /// The idempotency key was used for another product.
  case keyConflict
}

/// What adding items came to.
package enum RestockOutcome: Hashable, Sendable {
  case restocked(Product)
  case unknownProduct
  /// The stock would be more than can be counted.
  case tooLarge
  /// The idempotency key was used for another product or quantity.
  case keyConflict
}

/// The stock of every product.
package protocol StockStore: Sendable {
  /// All products, by id.
  func listProducts() async throws(StorageError) -> [Product]

  /// Takes one item of a product. Stock never goes below zero.
  /// - Parameters:
  ///   - idempotencyKey: A repeated key for the same product gives the first answer again, whatever
  ///     it was, and takes nothing.
  ///   - patience: How long it may wait for its turn; then nothing is done, and `timedOut` thrown.
  func reduceStock(
    productID: Int64, idempotencyKey: String?, patience: Duration?
  ) async throws(StorageError) -> ReduceOutcome

  /// Adds items to a product.
  /// - Parameters:
  ///   - quantity: At least 1.
  ///   - idempotencyKey: A repeated key for the same product and quantity gives the first answer
  ///     again, whatever it was, and adds nothing.
  func restock(
    productID: Int64, quantity: Int64, idempotencyKey: String?
  ) async throws(StorageError) -> RestockOutcome

  /// Forgets idempotency keys of either kind, the oldest first.
  /// - Parameters:
  ///   - date: Only those that were first used before it.
  ///   - limit: How many of each kind at the most.
  /// - Returns: How many of the more numerous.
  func forgetKeys(usedBefore date: Date, limit: Int) async throws(StorageError) -> Int

  /// - Throws: When the store does not answer.
  func checkHealth() async throws(StorageError)
}

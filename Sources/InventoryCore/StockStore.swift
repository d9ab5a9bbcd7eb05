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
  /// - Parameter quantity: At least 1.
  func restock(productID: Int64, quantity: Int64) async throws(StorageError) -> RestockOutcome

  /// Forgets idempotency keys, the oldest first.
  /// - Parameters:
  ///   - date: Only those that were first used before it.
  ///   - limit: How many at the most.
  /// - Returns: How many.
  func forgetKeys(usedBefore date: Date, limit: Int) async throws(StorageError) -> Int

  /// - Throws: When the store does not answer.
  func checkHealth() async throws(StorageError)
}

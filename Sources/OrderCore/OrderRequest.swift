/// What somebody asks for.
package struct OrderRequest: Hashable, Sendable {
  package let username: String
  package let productID: Int64
  /// The same key stands for the same order, however often it is asked for.
  package let idempotencyKey: String?

  package init(username: String, productID: Int64, idempotencyKey: String? = nil) {
    self.username = username
    self.productID = productID
    self.idempotencyKey = idempotencyKey
  }
}

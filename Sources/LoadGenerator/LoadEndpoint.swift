/// What a load asks for.
package enum LoadEndpoint: String, CaseIterable, Sendable {
  /// An order of a product that there is.
  case order
  /// An order of a product that there is not: a refusal on purpose.
  case unknown
  /// The newest part of the list of orders.
  case listOrders = "list-orders"
  /// The products, through the order service.
  case listProducts = "list-products"
  /// The products, from the inventory service itself.
  case stock
}

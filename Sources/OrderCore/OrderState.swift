/// How far an order has come.
package enum OrderState: Hashable, Sendable {
  case pending(PendingOrder)
  case confirmed(orderID: Int64)
  /// The product is unknown or sold out, with the inventory's words.
  case rejected(reason: String)
}

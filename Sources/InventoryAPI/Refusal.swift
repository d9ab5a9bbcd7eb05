/// Why the inventory takes no item: the `detail` of its 400, which decides an order for good.
package enum Refusal: String, Sendable {
  case unknownProduct = "Product not found"
  case soldOut = "Product unavailable"
}

package import APIDescription
import HTTPTypes
import InventoryAPI
import ServiceKit

/// The declarations of the inventory service's endpoints.
package enum InventoryEndpoints {
  private static let tag = APIDescription.Tag("stock", "The products, and how many are left.")

  /// The whole interface.
  package static var api: APIDescription {
    ServiceAPI.describe(
      title: "Inventory service", purpose: "Keeps the stock of every product.", tag: tag,
      endpoints: [listProducts.endpoint, reduceStock.endpoint, restock.endpoint])
  }

  static var listProducts: Operation< > {
    Operation(
      .get, "/list-products", operationID: "listProducts", tag: "stock", summary: "What there is",
      description: "All products with their stock, by `id`.",
      responses: [
        .products, .unavailable("The stock cannot be read.", details: [storeDown]),
      ])
  }

  static var reduceStock:
    Operation<IntegerParameter, IdempotencyKeyParameter, RequestBudgetParameter>
  {
    Operation(
      .post, "/reduce-stock", operationID: "reduceStock", tag: "stock", summary: "Take one item",
      description: """
        Takes one item of a product. With an `Idempotency-Key` the request may be repeated and \
        still takes one.
        """,
      parameters: productID, IdempotencyKeyParameter(), RequestBudgetParameter(),
      responses: [
        changed("The item is taken.", "StockReduced", "Stock reduced", stock: 7),
        .badRequest(
          "It cannot be taken: the product does not exist, or is sold out.",
          details: [unknownProduct, soldOut, IdempotencyKey.complaint]),
        .unprocessable(details: [IdempotencyKey.conflict]),
        .unavailable("Nothing was taken; repeat it.", details: [storeDown]),
      ])
  }

  static var restock:
    Operation<IntegerParameter, IntegerParameter, IdempotencyKeyParameter>
  {
    Operation(
      .post, "/restock", operationID: "restock", tag: "stock", summary: "Add items",
      description: """
        Adds items of a product to the stock. With an `Idempotency-Key` the request may be repeated \
        and still adds once.
        """,
      parameters: productID,
      IntegerParameter("quantity", in: 1...1_000_000_000, "Items to add.", example: 5),
      IdempotencyKeyParameter(),
      responses: [
        changed("The items are added.", "Restocked", "Restocked", stock: 13),
        .badRequest(
          "They cannot be added: the product does not exist, or its stock would be too large.",
          details: [unknownProduct, stockTooLarge, IdempotencyKey.complaint]),
        .unprocessable(details: [IdempotencyKey.conflict]),
        .unavailable("Nothing was added; repeat it.", details: [storeDown]),
      ])
  }

  static let storeDown = "Inventory store unavailable"
  static let unknownProduct = Refusal.unknownProduct.rawValue
  static let soldOut = Refusal.soldOut.rawValue
  static let stockTooLarge = "Stock would be too large"

  private static let productID = IntegerParameter("product_id", "The product's `id`.", example: 1)

  private static func changed(
    _ description: String, _ name: String, _ message: String, stock: Int64
  ) -> ResponseDescription {
    ResponseDescription(
      .ok, description,
      schema: .object([("message", .constant(message)), ("product", .product)]).named(name),
      examples: [
        .init(
          message,
          ["message": .string(message),
           "product": ["id": 1, "name": "Laptop", "stock": .integer(stock)]])
      ])
  }
}

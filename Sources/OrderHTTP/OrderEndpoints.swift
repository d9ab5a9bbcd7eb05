package import APIDescription
import HTTPTypes
import ServiceKit

/// The declarations of the order service's endpoints.
package enum OrderEndpoints {
  private static let tag = APIDescription.Tag("orders", "Placing orders, and what was ordered.")

  /// The whole interface.
  package static var api: APIDescription {
    ServiceAPI.describe(
      title: "Order service", purpose: "Takes orders, and reserves each at the inventory.",
      tag: tag,
      endpoints: [listOrders.endpoint, listProducts.endpoint, orderProduct.endpoint],
      readinessDetails: [
        ReadinessDetail(
          "inventory",
          .choice(["ok", "unavailable"]).described("Whether it answers; decides nothing."),
          example: "ok"),
        ReadinessDetail(
          "pending_orders",
          .text().described("`ok`, or how many orders have waited for too long."), example: "ok"),
      ])
  }

  static var listOrders: Operation<OptionalIntegerParameter, OptionalIntegerParameter> {
    Operation(
      .get, "/list-orders", operationID: "listOrders", tag: "orders", summary: "What was ordered",
      description: """
        All confirmed orders, oldest first, or a page of them: ask on with the last `order_id` as \
        `after`, until the answer is empty.
        """,
      parameters: IntegerParameter(
        "limit", in: 1...10_000, "Orders at the most; all without it.", example: 20
      ).optional,
      IntegerParameter(
        "after", in: 0 ... .max, "Only orders behind the one with this `order_id`.", example: 0
      ).optional,
      responses: [
        ResponseDescription(
          .ok, "The orders.", schema: .array(of: order),
          examples: [
            .init(
              "orders",
              [
                [
                  "username": "ann", "product_name": "Smartphone",
                  "order_date": "2026-11-24T12:47:05.123160", "order_id": 1, "product_id": 2,
                ]
              ]), .init("none", []),
          ]),
        .unprocessable(),
        .unavailable("The orders cannot be read.", details: [storeDown]),
      ])
  }

  static var listProducts: Operation<RequestBudgetParameter> {
    Operation(
      .get, "/list-products", operationID: "listProducts", tag: "orders",
      summary: "What can be ordered", description: "The products as the inventory lists them.",
      parameters: RequestBudgetParameter(),
      responses: [
        .products, .unavailable("The inventory does not answer.", details: [inventoryDown]),
      ])
  }

  static var orderProduct:
    Operation<TextParameter, IntegerParameter, IdempotencyKeyParameter, RequestBudgetParameter>
  {
    Operation(
      .post, "/order-product", operationID: "orderProduct", tag: "orders",
      summary: "Order one item",
      description: """
        Reserves one item at the inventory, and confirms the order. With an `Idempotency-Key` the \
        request may be repeated, after 503 or without an answer, and is still one order.
        """,
      // So long that every name fits into a request line, however many bytes its characters take.
      parameters: TextParameter(
        "username", charactersMax: 500, "Who orders.", example: "ann"),
      IntegerParameter("product_id", "The product's `id`.", example: 2),
      IdempotencyKeyParameter(), RequestBudgetParameter(),
      responses: [
        ResponseDescription(
          .ok, "The order is placed.",
          schema: .object([
            ("message", .constant("Order placed successfully")),
            ("order_id", .integer(in: 1 ... .max)),
          ]).named("OrderPlaced"),
          examples: [
            .init("placed", ["message": "Order placed successfully", "order_id": 1])
          ]),
        .badRequest(
          "It cannot be ordered: the product does not exist, or is sold out.",
          details: [productUnavailable, IdempotencyKey.complaint]),
        .unprocessable(details: [IdempotencyKey.conflict]),
        .unavailable(
          "Nothing was decided; repeat it with the same key.", details: [inventoryDown, storeDown]),
      ])
  }

  static let productUnavailable = "Product unavailable"
  static let inventoryDown = "Inventory service unavailable"
  static let storeDown = "Order store unavailable"

  private static var order: Schema {
    .object([
      ("username", .text()), ("product_name", .text()),
      (
        "order_date",
        .text(pattern: #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?$"#).described("In UTC.")
      ),
      ("order_id", .integer(in: 1 ... .max)), ("product_id", .integer()),
    ]).named("Order")
  }
}

import HTTP1
package import HTTPServer
import HTTPTypes
import InventoryAPI
package import Logging
import Metrics
package import OrderCore
import ServiceKit
import Storage
import Tracing

/// The endpoints of the order service.
package struct OrderRoutes: Sendable {
  private let store: any OrderStore
  private let flow: OrderFlow
  private let inventory: InventoryClient
  private let logger: Logger
  private let placed = Counter(label: "orders.placed")

  package init(
    store: any OrderStore, flow: OrderFlow, inventory: InventoryClient, logger: Logger
  ) {
    self.store = store
    self.flow = flow
    self.inventory = inventory
    self.logger = logger
  }

  package func add(to router: inout Router) {
    let listing = OrderListing(store: store, logger: logger)
    router.add(.get, "/list-orders") { await listing.respond(to: $0) }
    router.add(.get, "/list-products") { _ in await listProducts() }
    router.add(.post, "/order-product") { await orderProduct($0) }
  }

  private func listProducts() async -> ServerResponse {
    await withSpan("list_products_endpoint") { span in
      logger.info("Fetching product list from inventory service.")
      do throws(InventoryClient.Unavailable) {
        let products = try await inventory.listProducts()
        span.attributes["products_count"] = products.count
        span.addEvent("Product list fetched successfully")
        return .json(InventoryMessages.productList(products))
      } catch {
        return inventoryUnavailable(error.reason, span)
      }
    }
  }

  private func orderProduct(_ request: ServerRequest) async -> ServerResponse {
    await withSpan("order_product_endpoint") { span in
      var parameters = QueryParameters(request)
      let username = parameters.text("username")
      let productID = parameters.integer("product_id")
      if let refusal = parameters.refusal { return refusal }
      span.attributes["username"] = username
      span.attributes["product_id"] = productID
      let metadata: Logger.Metadata = [
        "username": "\(username)", "product_id": .stringConvertible(productID),
      ]
      logger.info("Received order request", metadata: metadata)
      let outcome: OrderOutcome
      do throws(StorageError) {
        outcome = try await flow.place(username: username, productID: productID)
      } catch {
        logger.error("The store failed", metadata: ["error": "\(error)"])
        reject("store_unavailable")
        return .problem(
          .serviceUnavailable, detail: "Order store unavailable", fields: [Self.retryAfter])
      }
      switch outcome {
      case .placed(let orderID):
        placed.increment()
        span.addEvent(
          SpanEvent(
            name: "Order placed successfully",
            attributes: ["product_id": .int64(productID), "username": .string(username)]))
        logger.info("Order placed", metadata: metadata)
        return .json(
          Array("{\"message\":\"Order placed successfully\",\"order_id\":\(orderID)}".utf8))
      case .unavailable(let reason):
        reject("product_unavailable")
        logger.warning(
          "Product is unavailable",
          metadata: metadata.merging(["reason": "\(reason)"]) { _, new in new })
        return .problem(.badRequest, detail: "Product unavailable")
      case .inventoryUnavailable(let reason), .undecided(_, let reason):
        reject("inventory_unavailable")
        return inventoryUnavailable(reason, span)
      }
    }
  }

  private func reject(_ reason: String) {
    Counter(label: "orders.rejected", dimensions: [("reason", reason)]).increment()
  }

  private func inventoryUnavailable(_ reason: String, _ span: any Span) -> ServerResponse {
    span.setStatus(SpanStatus(code: .error, message: reason))
    logger.error("Inventory service unavailable", metadata: ["reason": "\(reason)"])
    return .problem(
      .serviceUnavailable, detail: "Inventory service unavailable", fields: [Self.retryAfter])
  }

  private static let retryAfter = HTTPField(name: .retryAfter, value: "1")
}

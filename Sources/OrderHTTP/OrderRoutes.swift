import HTTP1
package import HTTPServer
import HTTPTypes
import InventoryAPI
package import Logging
package import OrderCore
import ServiceKit
import Sockets
import Storage
import Tracing

/// The endpoints of the order service.
package struct OrderRoutes: Sendable {
  private let store: any OrderStore
  private let flow: OrderFlow
  private let inventory: InventoryClient
  private let logger: Logger
  /// For one request, with all that it asks of the inventory.
  private let timeout: Duration

  package init(
    store: any OrderStore, flow: OrderFlow, inventory: InventoryClient, timeout: Duration,
    logger: Logger
  ) {
    self.store = store
    self.flow = flow
    self.inventory = inventory
    self.timeout = timeout
    self.logger = logger
  }

  package func add(to router: inout Router) {
    let listing = OrderListing(store: store, logger: logger)
    router.add(OrderEndpoints.listOrders) { _, limit, after in
      await listing.respond(limit: limit, after: after ?? 0)
    }
    router.add(OrderEndpoints.listProducts) { request, patience in
      await listProducts(deadline(of: request, patience))
    }
    router.add(OrderEndpoints.orderProduct) { request, username, productID, key, patience in
      await place(
        OrderRequest(username: username, productID: productID, idempotencyKey: key),
        deadline(of: request, patience))
    }
  }

  private func listProducts(_ deadline: ContinuousClock.Instant) async -> ServerResponse {
    await withSpan("list_products_endpoint") { span in
      logger.info("Fetching product list from inventory service.")
      do throws(InventoryClient.Unavailable) {
        let products = try await inventory.listProducts(deadline: deadline)
        span.attributes["products_count"] = products.count
        span.addEvent("Product list fetched successfully")
        return .json(InventoryMessages.productList(products))
      } catch {
        return inventoryUnavailable(error.reason, retryAfter: error.retryAfter, span)
      }
    }
  }

  private func place(
    _ order: OrderRequest, _ deadline: ContinuousClock.Instant
  ) async -> ServerResponse {
    await withSpan("order_product_endpoint") { span in
      span.attributes["username"] = order.username
      span.attributes["product_id"] = order.productID
      logger.info("Received order request", metadata: metadata(order))
      do throws(StorageError) {
        let outcome = try await flow.place(order, deadline: deadline)
        return answer(outcome, to: order, span)
      } catch {
        logger.error("The store failed", metadata: ["error": "\(error)"])
        return .problem(
          .serviceUnavailable, detail: OrderEndpoints.storeDown,
          fields: [Self.retryAfter(.seconds(1))])
      }
    }
  }

  private func answer(
    _ outcome: OrderOutcome, to order: OrderRequest, _ span: any Span
  ) -> ServerResponse {
    switch outcome {
    case .placed(let orderID):
      span.addEvent(
        SpanEvent(
          name: "Order placed successfully",
          attributes: [
            "product_id": .int64(order.productID), "username": .string(order.username),
          ]))
      logger.info("Order placed", metadata: metadata(order))
      return .json(
        Array("{\"message\":\"Order placed successfully\",\"order_id\":\(orderID)}".utf8))
    case .unavailable(let reason):
      logger.warning(
        "Product is unavailable",
        metadata: metadata(order).merging(["reason": "\(reason)"]) { _, new in new })
      return .problem(.badRequest, detail: OrderEndpoints.productUnavailable)
    case .inventoryUnavailable(let reason, let retryAfter):
      return inventoryUnavailable(reason, retryAfter: retryAfter, span)
    case .undecided(_, let reason):
      return inventoryUnavailable(reason, retryAfter: .seconds(1), span)
    case .keyConflict:
      return .problem(.unprocessableContent, detail: IdempotencyKey.conflict)
    }
  }

  private func metadata(_ order: OrderRequest) -> Logger.Metadata {
    ["username": "\(order.username)", "product_id": .stringConvertible(order.productID)]
  }

  /// The time that the request has, counted from its arrival; less when its sender waits for less.
  private func deadline(
    of request: ServerRequest, _ patience: Duration?
  ) -> ContinuousClock.Instant {
    let own = timeout - (.now() - request.receivedAt)
    return .now + (patience.map { min($0, own) } ?? own)
  }

  private func inventoryUnavailable(
    _ reason: String, retryAfter: Duration, _ span: any Span
  ) -> ServerResponse {
    span.setStatus(SpanStatus(code: .error, message: reason))
    logger.error("Inventory service unavailable", metadata: ["reason": "\(reason)"])
    return .problem(
      .serviceUnavailable, detail: OrderEndpoints.inventoryDown,
      fields: [Self.retryAfter(retryAfter)])
  }

  /// In whole seconds, rounded up, at least one (RFC 9110 §10.2.3).
  private static func retryAfter(_ time: Duration) -> HTTPField {
    let seconds = (time.wholeNanoseconds - 1) / 1_000_000_000 + 1
    return HTTPField(name: .retryAfter, value: "\(max(1, seconds))")
  }
}

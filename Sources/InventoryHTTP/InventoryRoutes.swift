import HTTP1
package import HTTPServer
import HTTPTypes
import InventoryAPI
package import InventoryCore
package import Logging
import ServiceKit
import Storage
import Tracing

/// The endpoints of the inventory service.
package struct InventoryRoutes: Sendable {
  /// Items that one request may add.
  private static let quantityMax: Int64 = 1_000_000_000

  private let store: any StockStore
  private let logger: Logger

  package init(store: any StockStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  package func add(to router: inout Router) {
    router.add(.get, "/list-products") { _ in await listProducts() }
    router.add(.post, "/reduce-stock") { await reduceStock($0) }
    router.add(.post, "/restock") { await restock($0) }
  }

  private func listProducts() async -> ServerResponse {
    await withSpan("list_products_endpoint") { span in
      logger.info("Fetching all products from the database.")
      span.addEvent("Fetching all products from the database.")
      do throws(StorageError) {
        let products = try await store.listProducts()
        span.attributes["products_count"] = products.count
        span.addEvent(
          SpanEvent(
            name: "Products fetched from database",
            attributes: ["products_count": .int64(Int64(products.count))]))
        return .json(InventoryMessages.productList(products))
      } catch {
        return unavailable(error)
      }
    }
  }

  private func reduceStock(_ request: ServerRequest) async -> ServerResponse {
    await withSpan("reduce_stock_endpoint") { span in
      var parameters = QueryParameters(request)
      let productID = parameters.integer("product_id")
      if let refusal = parameters.refusal { return refusal }
      let key: String?
      do throws(IdempotencyKey.Invalid) {
        key = try IdempotencyKey.read(request.head)
      } catch {
        return error.response
      }
      span.attributes["product_id"] = productID
      span.addEvent("Received request to reduce stock")
      do throws(StorageError) {
        let outcome = try await store.reduceStock(
          productID: productID, idempotencyKey: key, patience: RequestBudget.remaining(request))
        switch outcome {
        case .reduced(let product):
          span.addEvent("Stock successfully reduced")
          logger.info("Stock reduced", metadata: metadata(productID))
          return .json(InventoryMessages.stockChanged("Stock reduced", product))
        case .unknownProduct:
          logger.warning("Product does not exist", metadata: metadata(productID))
          return .problem(.badRequest, detail: "Product not found")
        case .soldOut:
          logger.warning("Product is out of stock", metadata: metadata(productID))
          return .problem(.badRequest, detail: "Product unavailable")
        case .keyConflict:
          return .problem(
            .unprocessableContent, detail: "Idempotency-Key was used with other parameters")
        }
      } catch {
        return unavailable(error)
      }
    }
  }

  private func restock(_ request: ServerRequest) async -> ServerResponse {
    await withSpan("restock_endpoint") { span in
      var parameters = QueryParameters(request)
      let productID = parameters.integer("product_id")
      let quantity = parameters.integer("quantity", in: 1...Self.quantityMax)
      if let refusal = parameters.refusal { return refusal }
      span.attributes["product_id"] = productID
      span.attributes["quantity"] = quantity
      do throws(StorageError) {
        switch try await store.restock(productID: productID, quantity: quantity) {
        case .restocked(let product):
          logger.info("Restocked", metadata: metadata(productID))
          return .json(InventoryMessages.stockChanged("Restocked", product))
        case .unknownProduct: return .problem(.badRequest, detail: "Product not found")
        case .tooLarge: return .problem(.badRequest, detail: "Stock would be too large")
        }
      } catch {
        return unavailable(error)
      }
    }
  }

  private func unavailable(_ error: StorageError) -> ServerResponse {
    logger.error("The store failed", metadata: ["error": "\(error)"])
    return .problem(
      .serviceUnavailable, detail: "Inventory store unavailable",
      fields: [HTTPField(name: .retryAfter, value: "1")])
  }

  private func metadata(_ productID: Int64) -> Logger.Metadata {
    ["product_id": .stringConvertible(productID)]
  }
}

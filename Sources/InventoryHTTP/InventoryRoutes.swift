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
  private let store: any StockStore
  private let logger: Logger

  package init(store: any StockStore, logger: Logger) {
    self.store = store
    self.logger = logger
  }

  package func add(to router: inout Router) {
    router.add(InventoryEndpoints.listProducts) { _ in await listProducts() }
    router.add(InventoryEndpoints.reduceStock) { _, productID, key, patience in
      await reduceStock(productID, key, patience)
    }
    router.add(InventoryEndpoints.restock) { _, productID, quantity, key in
      await restock(productID, quantity, key)
    }
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

  /// - Parameter patience: How long the caller still waits.
  private func reduceStock(
    _ productID: Int64, _ key: String?, _ patience: Duration?
  ) async -> ServerResponse {
    await withSpan("reduce_stock_endpoint") { span in
      span.attributes["product_id"] = productID
      span.addEvent("Received request to reduce stock")
      do throws(StorageError) {
        let outcome = try await store.reduceStock(
          productID: productID, idempotencyKey: key, patience: patience)
        switch outcome {
        case .reduced(let product):
          span.addEvent("Stock successfully reduced")
          logger.info("Stock reduced", metadata: metadata(productID))
          return .json(InventoryMessages.stockChanged("Stock reduced", product))
        case .unknownProduct:
          logger.warning("Product does not exist", metadata: metadata(productID))
          return .problem(.badRequest, detail: InventoryEndpoints.unknownProduct)
        case .soldOut:
          logger.warning("Product is out of stock", metadata: metadata(productID))
          return .problem(.badRequest, detail: InventoryEndpoints.soldOut)
        case .keyConflict:
          return .problem(.unprocessableContent, detail: IdempotencyKey.conflict)
        }
      } catch {
        return unavailable(error)
      }
    }
  }

  private func restock(
    _ productID: Int64, _ quantity: Int64, _ key: String?
  ) async -> ServerResponse {
    await withSpan("restock_endpoint") { span in
      span.attributes["product_id"] = productID
      span.attributes["quantity"] = quantity
      do throws(StorageError) {
        let outcome = try await store.restock(
          productID: productID, quantity: quantity, idempotencyKey: key)
        switch outcome {
        case .restocked(let product):
          logger.info("Restocked", metadata: metadata(productID))
          return .json(InventoryMessages.stockChanged("Restocked", product))
        case .unknownProduct:
          return .problem(.badRequest, detail: InventoryEndpoints.unknownProduct)
        case .tooLarge:
          return .problem(.badRequest, detail: InventoryEndpoints.stockTooLarge)
        case .keyConflict:
          return .problem(.unprocessableContent, detail: IdempotencyKey.conflict)
        }
      } catch {
        return unavailable(error)
      }
    }
  }

  private func unavailable(_ error: StorageError) -> ServerResponse {
    logger.error("The store failed", metadata: ["error": "\(error)"])
    return .problem(
      .serviceUnavailable, detail: InventoryEndpoints.storeDown,
      fields: [HTTPField(name: .retryAfter, value: "1")])
  }

  private func metadata(_ productID: Int64) -> Logger.Metadata {
    ["product_id": .stringConvertible(productID)]
  }
}

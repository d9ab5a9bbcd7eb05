package import InventoryAPI
import Metrics
import Synchronization

/// The metric `inventory.stock`: how many items are left of each product.
package final class StockGauges: Sendable {
  private let gauges = Mutex<[Int64: Gauge]>([:])

  package init() {}

  package func record(_ product: Product) {
    gauge(product).record(product.stock)
  }

  private func gauge(_ product: Product) -> Gauge {
    gauges.withLock { gauges in
      if let gauge = gauges[product.id] { return gauge }
      let gauge = Gauge(label: "inventory.stock", dimensions: [("product", product.name)])
      gauges[product.id] = gauge
      return gauge
    }
  }
}

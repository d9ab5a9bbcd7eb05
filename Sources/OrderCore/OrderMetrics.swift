import Metrics

/// Orders that were confirmed, and those that came to nothing, by reason.
struct OrderMetrics: Sendable {
  let placed = Counter(label: "orders.placed")
  let productUnavailable = rejected("product_unavailable")
  let inventoryUnavailable = rejected("inventory_unavailable")
  let storeUnavailable = rejected("store_unavailable")

  private static func rejected(_ reason: String) -> Counter {
    Counter(label: "orders.rejected", dimensions: [("reason", reason)])
  }
}

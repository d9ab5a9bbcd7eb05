import Metrics

/// Orders that were confirmed, those that came to nothing, by reason, and requests that ended before
/// their order was decided.
struct OrderMetrics: Sendable {
  let placed = Counter(label: "orders.placed")
  let undecided = Counter(label: "orders.undecided")
  let productUnavailable = rejected("product_unavailable")
  let inventoryUnavailable = rejected("inventory_unavailable")
  let storeUnavailable = rejected("store_unavailable")

  private static func rejected(_ reason: String) -> Counter {
    Counter(label: "orders.rejected", dimensions: [("reason", reason)])
  }
}

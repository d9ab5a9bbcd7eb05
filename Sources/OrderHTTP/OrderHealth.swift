package import OrderCore
package import ServiceKit

/// What `/health/ready` says of the order service: it is ready when its store answers; how the
/// inventory is, and whether orders wait for too long, is shown beside that.
package struct OrderHealth: Sendable {
  /// Stale orders are counted no further.
  private static let countMax = 1000

  private let configuration: OrderServiceConfiguration
  private let store: any OrderStore
  private let inventory: InventoryClient

  package init(
    _ configuration: OrderServiceConfiguration, store: any OrderStore, inventory: InventoryClient
  ) {
    self.configuration = configuration
    self.store = store
    self.inventory = inventory
  }

  package func routes(draining: DrainFlag) -> HealthRoutes {
    HealthRoutes(configuration.service, draining: draining) {
      (try? await store.checkHealth()) != nil
    } detail: {
      [
        ("inventory", await inventory.isReachable() ? "ok" : "unavailable"),
        ("pending_orders", await pendingOrders()),
      ]
    }
  }

  private func pendingOrders() async -> String {
    let age = configuration.pendingAgeMax
    guard let count = try? await store.countPending(age: age, max: Self.countMax) else {
      return "unknown"
    }
    guard count > 0 else { return "ok" }
    let number = count < Self.countMax ? "\(count)" : "at least \(count)"
    return "\(number) without an answer for \(age.components.seconds) s"
  }
}

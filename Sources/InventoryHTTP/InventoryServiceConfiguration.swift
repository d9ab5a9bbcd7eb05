import Foundation
package import ServiceKit

/// What the inventory service can be told.
package struct InventoryServiceConfiguration: Sendable {
  package let service: ServiceConfiguration
  /// How long an idempotency key is remembered at the least.
  package let keyRetention: Duration

  /// - Throws: `SettingError` for the first setting that cannot be used.
  package init(_ settings: Settings) throws(SettingError) {
    service = try ServiceConfiguration(
      serviceName: "inventory-service", variablePrefix: "INVENTORY_SERVICE", defaultPort: 8010,
      coreCount: ProcessInfo.processInfo.activeProcessorCount, settings: settings)
    keyRetention = try settings.value(.reservationRetention)
  }
}

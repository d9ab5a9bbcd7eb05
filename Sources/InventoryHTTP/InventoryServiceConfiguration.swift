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
    keyRetention = try settings.value(
      .milliseconds(
        "RESERVATION_RETENTION", default: 30 * 86_400_000, in: 1000...366 * 86_400_000,
        "milliseconds that an idempotency key is remembered; longer than the order service may be away"
      ))
  }
}

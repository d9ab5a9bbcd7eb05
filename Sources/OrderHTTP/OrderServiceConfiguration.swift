import Foundation
package import HTTPClient
package import ServiceKit
package import TLS

/// What the order service can be told.
package struct OrderServiceConfiguration: Sendable {
  package let service: ServiceConfiguration
  package let inventoryURL: HTTPURL
  /// How calls to it are secured; nil for the usual way.
  package let inventoryTLS: TLSClientContext?
  /// For one call to the inventory, with everything that belongs to it.
  package let inventoryTimeout: Duration

  /// - Throws: `SettingError` for the first setting that cannot be used.
  package init(_ settings: Settings) throws(SettingError) {
    service = try ServiceConfiguration(
      serviceName: "order-service", variablePrefix: "ORDER_SERVICE", defaultPort: 8000,
      coreCount: ProcessInfo.processInfo.activeProcessorCount, settings: settings)
    inventoryURL = try settings.value(
      .url(
        "INVENTORY_SERVICE_URL", default: HTTPURL(scheme: .http, host: "localhost", port: 8010),
        "where the order service finds the inventory"))
    inventoryTLS = try TLSSettings.client(prefix: "INVENTORY", settings)
    inventoryTimeout = try settings.value(
      .milliseconds(
        "INVENTORY_TIMEOUT", default: 2000, "milliseconds for one call to the inventory"))
  }
}

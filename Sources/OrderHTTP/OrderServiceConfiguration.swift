import Foundation
package import HTTPClient
package import OrderCore
package import ServiceKit
package import TLS

/// What the order service can be told.
package struct OrderServiceConfiguration: Sendable {
  package let service: ServiceConfiguration
  package let inventoryURL: HTTPURL
  /// How calls to it are secured; nil for the usual way.
  package let inventoryTLS: TLSClientContext?
  /// For all that one request asks of the inventory.
  package let inventoryTimeout: Duration
  /// How long an idempotency key and a rejected order are kept at the least.
  package let keyRetention: Duration
  /// How long the inventory remembers the keys of reservations.
  package let reservationRetention: Duration
  /// Orders that have been pending for longer are shown.
  package let pendingAgeMax: Duration

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
        "INVENTORY_TIMEOUT", default: 2000,
        "milliseconds that a request may wait for the inventory, all tries together"))
    let keyRetention = Setting<Duration>.milliseconds(
      "IDEMPOTENCY_KEY_RETENTION", default: 86_400_000, in: 1000...366 * 86_400_000,
      "milliseconds that an idempotency key, or a rejected order, is kept")
    self.keyRetention = try settings.value(keyRetention)
    reservationRetention = try settings.value(.reservationRetention)
    guard self.keyRetention <= reservationRetention else {
      throw SettingError(
        keyRetention.name,
        "is longer than \(Setting.reservationRetention.name): a repeated request might find its "
          + "reservation forgotten")
    }
    pendingAgeMax = try settings.value(
      .milliseconds(
        "PENDING_ORDER_AGE_MAX", default: 60_000, in: 1000...86_400_000,
        "milliseconds after which an order without an answer is reported as stale"))
  }
}

extension OrderServiceConfiguration {
  /// For how long the inventory surely remembers a reservation: some time less, as clocks differ.
  package var reservationAgeMax: Duration { reservationRetention * 9 / 10 }

  /// How pending orders are settled.
  package var reconciler: Reconciler.Configuration {
    var reconciler = Reconciler.Configuration()
    reconciler.timeout = inventoryTimeout
    reconciler.ageMin = inventoryTimeout * 2
    reconciler.staleAge = pendingAgeMax
    return reconciler
  }
}

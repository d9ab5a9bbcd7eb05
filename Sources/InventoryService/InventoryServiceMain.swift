import APIDescription
import Foundation
import HTTPServer
import InventoryCore
import InventoryHTTP
import Logging
import ServiceKit
import Sockets
import Storage

/// The inventory service: products and their stock.
@main
enum InventoryServiceMain: ServiceProgram {
  static let name = "inventory-service"
  static let abstract = "Serves products and their stock over HTTP."

  static var api: APIDescription { InventoryEndpoints.api }

  static func main() async { await start() }

  static func configure(
    _ settings: Settings
  ) throws(SettingError) -> InventoryServiceConfiguration {
    try InventoryServiceConfiguration(settings)
  }

  static func shared(_ configuration: InventoryServiceConfiguration) -> ServiceConfiguration {
    configuration.service
  }

  static func serve(_ configuration: InventoryServiceConfiguration) async throws {
    let service = configuration.service
    let store: SQLiteStockStore
    do throws(StorageError) {
      store = try SQLiteStockStore(path: databasePath(service))
    } catch {
      throw SettingError("DATA_DIRECTORY", error.description)
    }
    let gauges = StockGauges()
    try await ServiceMain.serve(service, api: { api }) { context, router in
      try store.observeStock { gauges.record($0) }
      HealthRoutes(service, draining: context.draining) {
        (try? await store.checkHealth()) != nil
      }.add(to: &router)
      InventoryRoutes(store: store, logger: context.logger).add(to: &router)
      let pruner = pruner(configuration, store, context.logger)
      return [{ await pruner.run() }]
    }
    store.close()
  }

  static func backUp(
    _ configuration: InventoryServiceConfiguration, to path: String, isReplacing: Bool
  ) throws -> Int64 {
    try DatabaseBackup(of: databasePath(configuration.service), to: path)
      .run(isReplacing: isReplacing)
  }

  private static func databasePath(_ service: ServiceConfiguration) -> String {
    "\(service.dataDirectory)/inventory.sqlite"
  }

  private static func pruner(
    _ configuration: InventoryServiceConfiguration, _ store: SQLiteStockStore, _ logger: Logger
  ) -> Pruner {
    let retention = configuration.keyRetention / .seconds(1)
    return Pruner("reservations", logger: logger) { limit in
      try await store.forgetKeys(usedBefore: Date(timeIntervalSinceNow: -retention), limit: limit)
    }
  }
}

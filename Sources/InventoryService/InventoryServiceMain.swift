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

  static func main() async { await start() }

  static func configure(_ settings: Settings) throws(SettingError) -> ServiceConfiguration {
    try ServiceConfiguration(
      serviceName: name, variablePrefix: "INVENTORY_SERVICE", defaultPort: 8010,
      coreCount: ProcessInfo.processInfo.activeProcessorCount, settings: settings)
  }

  static func shared(_ configuration: ServiceConfiguration) -> ServiceConfiguration {
    configuration
  }

  static func serve(_ configuration: ServiceConfiguration) async throws {
    let store: SQLiteStockStore
    do throws(StorageError) {
      store = try SQLiteStockStore(path: "\(configuration.dataDirectory)/inventory.sqlite")
    } catch {
      throw SettingError("DATA_DIRECTORY", error.description)
    }
    try await ServiceMain.serve(configuration) { context, router in
      HealthRoutes(configuration, draining: context.draining) {
        (try? await store.checkHealth()) != nil
      }.add(to: &router)
      InventoryRoutes(store: store, logger: context.logger).add(to: &router)
    }
    store.close()
  }
}

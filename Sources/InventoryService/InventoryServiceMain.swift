import ArgumentParser
import Foundation
import HTTPServer
import InventoryCore
import Logging
import ServiceKit
import Sockets
import Storage

/// The inventory service: products and their stock.
@main
struct InventoryServiceMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory-service",
    abstract: "Serves products and their stock over HTTP.",
    discussion: "Every setting is an environment variable; see the README.")

  func run() async throws {
    await ServiceMain.run("inventory-service") { try await Self.serve() }
  }

  private static func serve() async throws {
    let configuration = try ServiceConfiguration(
      serviceName: "inventory-service", variablePrefix: "INVENTORY_SERVICE", defaultPort: 8010,
      coreCount: ProcessInfo.processInfo.activeProcessorCount,
      settings: Settings(environment: ProcessInfo.processInfo.environment))
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

import ArgumentParser
import Foundation
import HTTPClient
import HTTPServer
import Logging
import OrderCore
import ServiceKit
import Sockets
import Storage

/// The order service: places orders at the inventory, and lists them.
@main
struct OrderServiceMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order-service",
    abstract: "Takes orders over HTTP.",
    discussion: "Every setting is an environment variable; see the README.")

  func run() async throws {
    await ServiceMain.run("order-service") { try await Self.serve() }
  }

  private static func serve() async throws {
    let settings = Settings(environment: ProcessInfo.processInfo.environment)
    let configuration = try ServiceConfiguration(
      serviceName: "order-service", variablePrefix: "ORDER_SERVICE", defaultPort: 8000,
      coreCount: ProcessInfo.processInfo.activeProcessorCount, settings: settings)
    let inventoryURL = try settings.url("INVENTORY_SERVICE_URL", default: "http://localhost:8010")
    let inventoryTimeout = try settings.milliseconds("INVENTORY_TIMEOUT", default: 2000)
    let store: SQLiteOrderStore
    do throws(StorageError) {
      store = try SQLiteOrderStore(path: "\(configuration.dataDirectory)/orders.sqlite")
    } catch {
      throw SettingError("DATA_DIRECTORY", error.description)
    }
    let reconciler = Reconciler(interval: .seconds(5), minimumAge: inventoryTimeout * 2)
    try await ServiceMain.serve(
      configuration,
      routes: { context, router in
        let client = InstrumentedClient(HTTPClient(homeLoop: context.loops[0]))
        let inventory = InventoryClient(
          client: client, baseURL: inventoryURL, timeout: inventoryTimeout)
        let flow = OrderFlow(store: store, inventory: inventory)
        reconciler.start(flow: flow, logger: context.logger)
        HealthRoutes(configuration, draining: context.draining) {
          (try? await store.checkHealth()) != nil
        } detail: {
          [("inventory", await inventory.isReachable() ? "ok" : "unavailable")]
        }.add(to: &router)
        OrderRoutes(store: store, flow: flow, inventory: inventory, logger: context.logger)
          .add(to: &router)
      }, background: { await reconciler.run() })
    store.close()
  }
}

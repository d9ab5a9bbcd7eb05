import APIDescription
import Foundation
import HTTPClient
import HTTPServer
import Logging
import OrderCore
import OrderHTTP
import ServiceKit
import Sockets
import Storage

/// The order service: places orders at the inventory, and lists them.
@main
enum OrderServiceMain: ServiceProgram {
  static let name = "order-service"
  static let abstract = "Takes orders over HTTP."

  static var api: APIDescription { OrderEndpoints.api }

  static func main() async { await start() }

  static func configure(_ settings: Settings) throws(SettingError) -> OrderServiceConfiguration {
    try OrderServiceConfiguration(settings)
  }

  static func shared(_ configuration: OrderServiceConfiguration) -> ServiceConfiguration {
    configuration.service
  }

  static func serve(_ configuration: OrderServiceConfiguration) async throws {
    let service = configuration.service
    let store: SQLiteOrderStore
    do throws(StorageError) {
      store = try SQLiteOrderStore(path: databasePath(service))
    } catch {
      throw SettingError("DATA_DIRECTORY", error.description)
    }
    try await ServiceMain.serve(service, api: { api }) { context, router in
      let inventory = InventoryClient(
        client: client(configuration, context), baseURL: configuration.inventoryURL,
        breaker: InventoryGuard())
      let flow = OrderFlow(
        store: store, inventory: inventory,
        reservationAgeMax: configuration.reservationAgeMax)
      OrderHealth(configuration, store: store, inventory: inventory)
        .routes(draining: context.draining).add(to: &router)
      OrderRoutes(
        store: store, flow: flow, inventory: inventory, timeout: configuration.inventoryTimeout,
        logger: context.logger
      ).add(to: &router)
      let reconciler = Reconciler(
        configuration.reconciler, flow: flow, store: store, logger: context.logger)
      let pruner = pruner(configuration, store, context.logger)
      return [{ await reconciler.run() }, { await pruner.run() }]
    }
    store.close()
  }

  static func backUp(
    _ configuration: OrderServiceConfiguration, to path: String, isReplacing: Bool
  ) throws -> Int64 {
    try DatabaseBackup(of: databasePath(configuration.service), to: path)
      .run(isReplacing: isReplacing)
  }

  private static func databasePath(_ service: ServiceConfiguration) -> String {
    "\(service.dataDirectory)/orders.sqlite"
  }

  private static func client(
    _ configuration: OrderServiceConfiguration, _ context: ServiceMain.Context
  ) -> InstrumentedClient {
    var client = HTTPClientConfiguration()
    client.tls = configuration.inventoryTLS
    client.proxies = configuration.service.proxies
    return InstrumentedClient(HTTPClient(configuration: client, homeLoop: context.loops[0]))
  }

  private static func pruner(
    _ configuration: OrderServiceConfiguration, _ store: SQLiteOrderStore, _ logger: Logger
  ) -> Pruner {
    let retention = configuration.keyRetention / .seconds(1)
    return Pruner("idempotency keys and rejected orders", logger: logger) { limit in
      try await store.prune(before: Date(timeIntervalSinceNow: -retention), limit: limit)
    }
  }
}

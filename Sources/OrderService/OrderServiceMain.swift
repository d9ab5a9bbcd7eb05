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
      store = try SQLiteOrderStore(path: "\(service.dataDirectory)/orders.sqlite")
    } catch {
      throw SettingError("DATA_DIRECTORY", error.description)
    }
    let reconciler = Reconciler(interval: .seconds(5), minimumAge: configuration.inventoryTimeout * 2)
    try await ServiceMain.serve(
      service,
      routes: { context, router in
        var clientConfiguration = HTTPClientConfiguration()
        clientConfiguration.tls = configuration.inventoryTLS
        let client = InstrumentedClient(
          HTTPClient(configuration: clientConfiguration, homeLoop: context.loops[0]))
        let inventory = InventoryClient(
          client: client, baseURL: configuration.inventoryURL, timeout: configuration.inventoryTimeout)
        let flow = OrderFlow(store: store, inventory: inventory)
        reconciler.start(flow: flow, logger: context.logger)
        HealthRoutes(service, draining: context.draining) {
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

import HTTPClient
import HTTPServer
import HTTPTypes
import Logging
import OrderCore
import OrderHTTP
import ServiceKit
import Sockets
import TestSupport

/// The order service's endpoints over a store of this test alone.
struct OrderServer {
  let directory: TemporaryDirectory
  let store: SQLiteOrderStore
  let server: TestServer

  /// - Parameter wrap: What stands between the endpoints and the store.
  init(
    inventory url: HTTPURL = HTTPURL(scheme: .http, host: "127.0.0.1", port: 9),
    breaker: InventoryGuard = InventoryGuard(), timeout: Duration = .seconds(30),
    wrap: (SQLiteOrderStore) -> any OrderStore = { $0 }
  ) async throws {
    directory = try TemporaryDirectory()
    store = try SQLiteOrderStore(path: directory.file("orders.sqlite"))
    let wrapped = wrap(store)
    let inventory = InventoryClient(
      client: InstrumentedClient(HTTPClient(homeLoop: try EventLoop(name: "client"))),
      baseURL: url, breaker: breaker)
    let routes = OrderRoutes(
      store: wrapped, flow: OrderFlow(store: wrapped, inventory: inventory), inventory: inventory,
      timeout: timeout, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    server = try await TestServer { routes.add(to: &$0) }
  }

  func get(_ target: String) async throws -> TestServer.Answer {
    try await server.send(.get, target)
  }

  func order(
    _ query: String = "username=ann&product_id=2", key: String? = nil
  ) async throws -> TestServer.Answer {
    let fields = key.map { [HTTPField(name: IdempotencyKey.fieldName, value: $0)] } ?? []
    return try await server.send(.post, "/order-product?\(query)", fields)
  }

  func stop() async {
    await server.stop()
    store.close()
  }
}

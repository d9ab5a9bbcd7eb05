import GRDB
import HTTPClient
import HTTPTypes
import OrderCore
import OrderHTTP
import ServiceKit
import Sockets
import Testing
import TestSupport

@Suite(.timeLimit(.minutes(1))) struct OrderHealthTests {
  @Test func showsTheInventoryAndWhatWaits() async throws {
    let directory = try TemporaryDirectory()
    let store = try SQLiteOrderStore(path: directory.file("orders.sqlite"))
    let inventory = try await InventoryStandIn([(200, "")])
    let configuration = try OrderServiceConfiguration(
      Settings(environment: ["PENDING_ORDER_AGE_MAX": "90000", "TELEMETRY": "off"]))
    let health = OrderHealth(
      configuration, store: store,
      inventory: InventoryClient(
        client: InstrumentedClient(HTTPClient(homeLoop: try EventLoop(name: "client"))),
        baseURL: inventory.server.url, breaker: InventoryGuard()))
    let server = try await TestServer { health.routes(draining: DrainFlag()).add(to: &$0) }
    func ready() async throws -> String {
      let answer = try await server.send(.get, "/health/ready")
      return "\(answer.status) \(answer.body)"
    }
    let start = #"200 {"status":"ready","store":"ok","draining":false,"inventory":"#
    #expect(try await ready() == start + #""ok","pending_orders":"ok"}"#)

    for number in 0..<1001 {
      _ = try await store.create(
        OrderRequest(username: "\(number)", productID: 2), patience: .seconds(60))
    }
    #expect(try await ready() == start + #""ok","pending_orders":"ok"}"#, "they are young")
    func age(_ condition: String) async throws {
      let other = try DatabaseQueue(path: directory.file("orders.sqlite"))
      try await other.write { db in
        try db.execute(
          sql: "UPDATE orders SET order_date = '2025-01-31T00:00:00.000000' WHERE \(condition)")
      }
    }
    try await age("order_id <= 3")
    #expect(
      try await ready() == start + #""ok","pending_orders":"3 without an answer for 90 s"}"#)
    await inventory.server.stop()
    try await age("true")
    #expect(
      try await ready()
        == start + #""unavailable","pending_orders":"at least 1000 without an answer for 90 s"}"#)
    store.close()
    #expect(
      try await ready()
        == #"503 {"status":"not ready","store":"unavailable","draining":false,"#
        + #""inventory":"unavailable","pending_orders":"unknown"}"#)
    await server.stop()
  }
}

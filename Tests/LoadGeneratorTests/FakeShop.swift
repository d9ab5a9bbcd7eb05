import HTTP1
import HTTPClient
import HTTPServer
import HTTPTypes
import InventoryAPI
@testable import LoadGenerator
import Sockets
import Synchronization
import Telemetry
import TestSupport

/// Both services on one real server: a stock, orders, and whatever a test does to them.
final class FakeShop: Sendable {
  struct State {
    var stock: [Int64: Int64]
    var requests: [String] = []
    var traces: [String] = []
    var sold = 0
    var inFlight = 0
    var inFlightMax = 0
  }

  private let state: Mutex<State>
  private let server = Mutex<TestServer?>(nil)

  /// - Parameter before: Called before each request of the load is answered, with its number. A
  ///   status that it returns is the answer.
  init(
    stock: [Int64: Int64] = [1: 1000, 2: 1000],
    before: @escaping @Sendable (_ number: Int) async throws -> Int? = { _ in nil }
  ) async throws {
    state = Mutex(State(stock: stock))
    let made = try await TestServer { router in
      router.add(.get, "/inventory/list-products") { request in
        try await self.answer(request, before) { .json(self.products()) }
      }
      router.add(.get, "/shop/list-products") { request in
        try await self.answer(request, before) { .json(self.products()) }
      }
      router.add(.get, "/shop/list-orders") { request in
        try await self.answer(request, before) { .json(Array("[]".utf8)) }
      }
      router.add(.post, "/shop/order-product") { request in
        let id = Self.parameter("product_id", request)
        return try await self.answer(request, before) { self.order(id) }
      }
      router.add(.post, "/inventory/restock") { request in
        self.restock(
          Self.parameter("product_id", request), Self.parameter("quantity", request))
      }
    }
    server.withLock { $0 = made }
  }

  var current: State { state.withLock { $0 } }

  var plan: LoadPlan {
    let url =
      server.withLock { $0?.url } ?? HTTPURL(scheme: .http, host: "127.0.0.1", port: 9)
    return LoadPlan(
      orderService: url.appending("/shop"), inventoryService: url.appending("/inventory"))
  }

  func stop() async {
    let made = server.withLock { $0.take() }
    await made?.stop()
    made?.loop.stop()
  }

  /// Runs a load to its end.
  func run(
    _ plan: LoadPlan, onSecond: @escaping @Sendable (LoadProgress) -> Void = { _ in },
    started: (LoadGenerator) -> Void = { _ in }
  ) async throws -> LoadReport {
    let loop = try EventLoop(name: "load")
    defer { loop.stop() }
    let generator = LoadGenerator(plan, loop: loop, ids: RandomIDGenerator())
    started(generator)
    return try await generator.run(onSecond: onSecond)
  }

  private static func parameter(_ name: String, _ request: ServerRequest) -> Int64 {
    let part = request.head.target.split { "?&".contains($0) }.first { $0.hasPrefix("\(name)=") }
    return part.flatMap { Int64($0.dropFirst(name.count + 1)) } ?? -1
  }

  private func answer(
    _ request: ServerRequest, _ before: (Int) async throws -> Int?,
    _ body: () -> ServerResponse
  ) async throws -> ServerResponse {
    // Only what belongs to the load has a trace; the first look at the stock has none.
    guard let trace = request.head[Self.traceparent] else { return body() }
    let target = "\(request.method) \(request.head.target)"
    let number = state.withLock { state in
      state.requests.append(target)
      state.traces.append(trace)
      state.inFlight += 1
      state.inFlightMax = max(state.inFlightMax, state.inFlight)
      return state.requests.count - 1
    }
    defer { state.withLock { $0.inFlight -= 1 } }
    if let status = try await before(number) {
      return .json(Array("{}".utf8), status: HTTPResponse.Status(code: status))
    }
    return body()
  }

  private static let traceparent = HTTPField.Name("traceparent") ?? .trailer

  private func products() -> [UInt8] {
    let stock = state.withLock { $0.stock }
    return InventoryMessages.productList(
      stock.map { Product(id: $0.key, name: "p", stock: $0.value) })
  }

  private func order(_ id: Int64) -> ServerResponse {
    let isSold = state.withLock { state in
      guard state.stock[id, default: 0] > 0 else { return false }
      state.stock[id, default: 0] -= 1
      state.sold += 1
      return true
    }
    return isSold
      ? .json(Array(#"{"message":"Order placed successfully","order_id":1}"#.utf8))
      : .json(Array(#"{"detail":"Product unavailable"}"#.utf8), status: .badRequest)
  }

  private func restock(_ id: Int64, _ quantity: Int64) -> ServerResponse {
    let stock = state.withLock { state in
      state.stock[id, default: 0] += quantity
      return state.stock[id, default: 0]
    }
    return .json(
      InventoryMessages.stockChanged("Restocked", Product(id: id, name: "p", stock: stock)))
  }
}

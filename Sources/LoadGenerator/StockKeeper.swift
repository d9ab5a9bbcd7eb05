import HTTPClient
import HTTPTypes
import InventoryAPI
import Sockets

/// Keeps a shop under load from selling out: restocks what runs low. On its loop only.
final class StockKeeper {
  private let plan: LoadPlan
  private let client: HTTPClient
  private let signal: WakeSignal
  private var stock: [Int64: Int64] = [:]
  private var isEnding = false
  /// Restocks that were answered with 200.
  private(set) var restockCount = 0
  /// What can be ordered.
  private(set) var productIDs: [Int64] = []

  /// Fewer than this many of a product are too few: what two seconds may sell.
  private var low: Int64 { max(20, Int64(plan.rate * 2)) }
  /// What is added: for ten seconds more.
  private var quantity: Int64 { min(max(100, Int64(plan.rate * 10)), 1_000_000) }
  /// How long a restock that failed is left alone.
  private static let pause = Duration.milliseconds(500)

  init(_ plan: LoadPlan, client: HTTPClient, loop: EventLoop) {
    self.plan = plan
    self.client = client
    signal = WakeSignal(loop)
  }

  /// Asks what there is.
  /// - Throws: `LoadError` when the inventory does not say.
  func open() async throws(LoadError) {
    let url = plan.inventoryService.appending("/list-products")
    let response: ClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(
        ClientRequest(.get, url), deadline: .now() + plan.timeout)
    } catch {
      throw LoadError("GET \(url): \(error)")
    }
    guard response.status == .ok,
      let products = try? InventoryMessages.readProductList(response.body), !products.isEmpty
    else { throw LoadError("GET \(url) answered \(response.status.code) without products") }
    for product in products { stock[product.id] = product.stock }
    productIDs = products.map(\.id).sorted()
  }

  /// Takes note of a sale.
  func sold(_ productID: Int64) {
    stock[productID, default: 0] -= 1
    if stock[productID, default: 0] < low { signal.notify() }
  }

  /// Takes note that somebody else bought the last one.
  func soldOut(_ productID: Int64) {
    stock[productID] = 0
    signal.notify()
  }

  func end() {
    isEnding = true
    signal.notify()
  }

  /// Restocks until it is told to end.
  func run() async {
    while !isEnding {
      let due = productIDs.filter { stock[$0, default: 0] < low }
      for productID in due where !isEnding { await restock(productID) }
      let hasFailed = productIDs.contains { stock[$0, default: 0] < low }
      await signal.wait(until: hasFailed ? .now() + Self.pause : nil)
    }
  }

  private func restock(_ productID: Int64) async {
    let url = plan.inventoryService.appending(
      "/restock?product_id=\(productID)&quantity=\(quantity)")
    let response = try? await client.send(
      ClientRequest(.post, url), deadline: .now() + plan.timeout)
    guard let response, response.status == .ok else { return }
    restockCount += 1
    if let product = try? InventoryMessages.readStockChanged(response.body) {
      stock[productID] = product.stock
    } else {
      stock[productID, default: 0] += quantity
    }
  }
}

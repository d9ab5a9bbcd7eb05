import HTTPClient
import HTTPTypes
import OTLP
import Sockets
import Synchronization
import Telemetry

/// Places the order that everything else is about, with a trace of its own.
final class OrderPlacement: Sendable {
  /// The product that is ordered, after one was added to its stock, so that a check sells out
  /// nothing.
  static let productID = 2
  /// The customer, in the orders that a check makes.
  static let username = "ostack-check"

  private let addresses: StackAddresses
  let context: SpanContext
  /// The same for every try, so that however many are needed, there is one order.
  private let key: String
  private let placed = Mutex<PlacedOrder?>(nil)
  /// When the first try was sent: one whose answer is lost may have placed the order.
  private let firstSentAt = Mutex<UInt64?>(nil)

  /// - Parameter ids: The source of the trace's identity. An id's upper half is never zero: a
  ///   backend that shortens such ids would seem to have another trace.
  init(_ addresses: StackAddresses, ids: any IDGenerator) {
    self.addresses = addresses
    var traceID = ids.makeTraceID()
    if traceID.high == 0 { traceID = TraceID(high: 1, low: traceID.low) }
    context = SpanContext(traceID: traceID, spanID: ids.makeSpanID(), flags: [.sampled, .random])
    key = "ostack-check-\(traceID)"
  }

  /// The order, once it is placed.
  var order: PlacedOrder? { placed.withLock { $0 } }

  var stockHop: Hop {
    let url = addresses.inventoryService.appending(
      "/restock", query: [("product_id", "\(Self.productID)"), ("quantity", "1")])
    return Hop(
      name: "stock", asks: "POST \(url)", looksFor: "one more of what will be ordered",
      whereToLook: "docker compose logs inventory-service",
      question: .always { client, deadline throws(Obstacle) in
        let answer = try await client.json(ClientRequest(.post, url), deadline: deadline)
        guard let stock = answer["product"]["stock"].integer, stock > 0 else {
          throw Obstacle("POST \(url) answered without a stock")
        }
        return .found("\(stock) in stock")
      })
  }

  var orderHop: Hop {
    let url = addresses.orderService.appending(
      "/order-product",
      query: [("username", Self.username), ("product_id", "\(Self.productID)")])
    return Hop(
      name: "order", asks: "POST \(url)", looksFor: "200 and the order's number",
      whereToLook: "docker compose logs order-service inventory-service",
      question: .always { client, deadline throws(Obstacle) in
        try await self.place(url, client, deadline)
      })
  }

  private func place(
    _ url: HTTPURL, _ client: CheckClient, _ deadline: MonotonicInstant
  ) async throws(Obstacle) -> Finding {
    let startedAt = firstSentAt.withLock { first in
      let time = first ?? WallClock.unixNanoseconds()
      first = time
      return time
    }
    let answer = try await client.json(
      ClientRequest(.post, url, fields: fields, isIdempotent: true), deadline: deadline)
    let endedAt = WallClock.unixNanoseconds()
    guard let orderID = answer["order_id"].integer, orderID > 0 else {
      return .missing("the answer has no order_id")
    }
    placed.withLock {
      $0 = PlacedOrder(
        orderID: orderID, traceID: context.traceID, parentID: context.spanID,
        startedAt: startedAt, endedAt: endedAt)
    }
    // Of many requests alike one becomes the exemplar. Nobody else sends HEAD, so this one, of the
    // same trace, becomes one under any load. Whether it did, the exemplar's hop tells.
    let head = addresses.orderService.appending("/list-orders?limit=1")
    _ = try? await client.send(
      ClientRequest(.head, head, fields: fields), deadline: deadline)
    return .found("order \(orderID), trace \(context.traceID)")
  }

  private var fields: [HTTPField] {
    var fields: [HTTPField] = []
    for (name, value) in [
      ("traceparent", TraceParent.format(context)), ("idempotency-key", key),
    ] {
      if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
    }
    return fields
  }

  var storedHop: Hop {
    let base = addresses.orderService
    return Hop(
      name: "order list", asks: "GET \(base.appending("/list-orders"))",
      looksFor: "the order, confirmed", whereToLook: "docker compose logs order-service",
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        let url = base.appending(
          "/list-orders", query: [("after", "\(order.orderID - 1)"), ("limit", "1")])
        let answer = try await client.json(ClientRequest(.get, url), deadline: deadline)
        guard let listed = answer.elements?.first else {
          return .missing("order \(order.orderID) is not in the list")
        }
        guard listed["order_id"].integer == order.orderID,
          listed["username"].string == Self.username
        else { return .missing("another order in the place of order \(order.orderID)") }
        return .found("order \(order.orderID) of \(Self.username)")
      })
  }
}

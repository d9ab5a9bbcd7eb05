import HTTP1
import HTTPClient
import HTTPTypes
import Telemetry

/// Makes the requests of a load, each with a trace of its own.
struct LoadRequests: Sendable {
  private static let customers: UInt64 = 20
  /// A product that no inventory has.
  private static let unknownProduct = Int64.max
  private static let traceparent = HTTPField.Name("traceparent")

  let orderService: HTTPURL
  let inventoryService: HTTPURL
  let productIDs: [Int64]
  let ids: any IDGenerator

  /// The request, and the product that it orders.
  func make(_ arrival: LoadArrival) -> (request: ClientRequest, productID: Int64?) {
    let customer = "customer-\(arrival.choice % Self.customers + 1)"
    var productID: Int64?
    let method: HTTPRequest.Method
    let url: HTTPURL
    switch arrival.endpoint {
    case .order, .unknown:
      let position = Int(arrival.choice / Self.customers % UInt64(max(productIDs.count, 1)))
      let known = productIDs.isEmpty ? 1 : productIDs[position]
      if arrival.endpoint == .order { productID = known }
      method = .post
      url = orderService.appending(
        "/order-product?username=\(customer)&product_id=\(productID ?? Self.unknownProduct)")
    case .listOrders: (method, url) = (.get, orderService.appending("/list-orders?limit=20"))
    case .listProducts: (method, url) = (.get, orderService.appending("/list-products"))
    case .stock: (method, url) = (.get, inventoryService.appending("/list-products"))
    }
    let context = SpanContext(
      traceID: ids.makeTraceID(), spanID: ids.makeSpanID(), flags: [.sampled, .random])
    let fields = Self.traceparent.map { [HTTPField(name: $0, value: TraceParent.format(context))] }
    return (ClientRequest(method, url, fields: fields ?? []), productID)
  }
}

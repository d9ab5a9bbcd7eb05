package import HTTPClient
import HTTPTypes
package import InventoryAPI
package import OrderCore
import Sockets

/// The inventory service, over HTTP.
package struct InventoryClient: Inventory {
  /// Why the inventory's products cannot be listed.
  package struct Unavailable: Error {
    package let reason: String
  }

  private let client: InstrumentedClient
  private let baseURL: HTTPURL
  /// For one call, with everything that belongs to it.
  private let timeout: Duration

  package init(client: InstrumentedClient, baseURL: HTTPURL, timeout: Duration) {
    self.client = client
    self.baseURL = baseURL
    self.timeout = timeout
  }

  package func reserve(productID: Int64, key: String) async -> ReservationOutcome {
    var request = ClientRequest(
      .post, baseURL.appending("/reduce-stock?product_id=\(productID)"), isIdempotent: true)
    if let name = HTTPField.Name("idempotency-key") {
      request.fields.append(HTTPField(name: name, value: key))
    }
    let response: ClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(request, deadline: .now() + timeout)
    } catch {
      let reason = error.description
      return error.isBeforeSending ? .unreached(reason: reason) : .unknown(reason: reason)
    }
    switch response.status.code {
    case 200:
      do throws(InventoryMessages.MalformedBody) {
        return .reserved(
          productName: try InventoryMessages.readStockChanged(response.body).name)
      } catch {
        return .unknown(reason: "the inventory's answer is malformed: \(error)")
      }
    case 400:
      return .refused(
        reason: InventoryMessages.readProblem(response.body) ?? "Product unavailable")
    default: return .unknown(reason: "the inventory answered \(response.status.code)")
    }
  }

  package func listProducts() async throws(Unavailable) -> [Product] {
    let response: ClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(
        ClientRequest(.get, baseURL.appending("/list-products")), deadline: .now() + timeout)
    } catch {
      throw Unavailable(reason: error.description)
    }
    guard response.status == .ok else {
      throw Unavailable(reason: "the inventory answered \(response.status.code)")
    }
    do throws(InventoryMessages.MalformedBody) {
      return try InventoryMessages.readProductList(response.body)
    } catch {
      throw Unavailable(reason: "the inventory's answer is malformed: \(error)")
    }
  }

  package func isReachable() async -> Bool {
    let request = ClientRequest(.get, baseURL.appending("/health/live"))
    guard let response = try? await client.send(request, deadline: .now() + .milliseconds(500))
    else { return false }
    return response.status == .ok
  }
}

package import HTTPClient
import HTTPTypes
package import InventoryAPI
package import OrderCore
import ServiceKit
import Sockets

/// The inventory service, over HTTP. What fails is tried again while there is time, which is safe
/// because every call is either a read or carries its key; an inventory that keeps failing is left
/// alone for a while.
package struct InventoryClient: Inventory {
  /// Why the inventory's products cannot be listed.
  package struct Unavailable: Error {
    package let reason: String
    package let retryAfter: Duration
  }

  /// Why there is no answer.
  private struct Failure: Error {
    /// Whether the inventory may have seen one of the requests.
    var isSeen: Bool
    /// Whether it says nothing of the inventory.
    var isLocal = false
    var reason: String
  }

  /// Tries of one call, and how long to wait before the second; before each further one twice that.
  private static let attemptsMax = 3
  private static let firstDelay = Duration.milliseconds(50)
  /// Who waits for less cannot say of the inventory that it is slow.
  private static let fairTime = Duration.milliseconds(100)

  private let client: InstrumentedClient
  private let baseURL: HTTPURL
  private let breaker: InventoryGuard

  package init(client: InstrumentedClient, baseURL: HTTPURL, breaker: InventoryGuard) {
    self.client = client
    self.baseURL = baseURL
    self.breaker = breaker
  }

  package var pause: Duration? { breaker.pause }

  package func reserve(
    productID: Int64, key: String, deadline: ContinuousClock.Instant
  ) async -> ReservationOutcome {
    // Not repeated by the client below, which would not tell that the first one may have been seen.
    let request = ClientRequest(
      .post, baseURL.appending("/reduce-stock?product_id=\(productID)"),
      fields: [HTTPField(name: IdempotencyKey.fieldName, value: key)], isIdempotent: false)
    let response: ClientResponse
    do throws(Failure) {
      response = try await send(request, deadline: deadline)
    } catch {
      return error.isSeen ? .unknown(reason: error.reason) : .unreached(reason: error.reason)
    }
    switch response.status.code {
    case 200: return Self.reserved(response, productID)
    case 400:
      // It decides the order for good, so it must be the inventory's own: others say 400 as well.
      guard let refusal = InventoryMessages.readProblem(response.body).flatMap(Refusal.init) else {
        return .unknown(reason: "the inventory answered 400 for a reason that it does not know")
      }
      return .refused(reason: refusal.rawValue)
    default: return .unknown(reason: "the inventory answered \(response.status.code)")
    }
  }

  private static func reserved(
    _ response: ClientResponse, _ productID: Int64
  ) -> ReservationOutcome {
    do throws(InventoryMessages.MalformedBody) {
      let product = try InventoryMessages.readStockChanged(response.body)
      guard product.id == productID else {
        return .unknown(reason: "the inventory's answer is about product \(product.id)")
      }
      return .reserved(productName: product.name)
    } catch {
      return .unknown(reason: "the inventory's answer is malformed: \(error)")
    }
  }

  package func listProducts(
    deadline: ContinuousClock.Instant
  ) async throws(Unavailable) -> [Product] {
    let response: ClientResponse
    do throws(Failure) {
      response = try await send(
        ClientRequest(.get, baseURL.appending("/list-products")), deadline: deadline)
    } catch {
      throw unavailable(error.reason)
    }
    guard response.status == .ok else {
      throw unavailable("the inventory answered \(response.status.code)")
    }
    do throws(InventoryMessages.MalformedBody) {
      return try InventoryMessages.readProductList(response.body)
    } catch {
      throw unavailable("the inventory's answer is malformed: \(error)")
    }
  }

  package func isReachable() async -> Bool {
    let request = ClientRequest(.get, baseURL.appending("/health/live"))
    guard let response = try? await client.send(request, deadline: .now() + .milliseconds(500))
    else { return false }
    return response.status == .ok
  }

  private func unavailable(_ reason: String) -> Unavailable {
    Unavailable(reason: reason, retryAfter: pause ?? .seconds(1))
  }

  /// Sends, unless the breaker says that it is in vain.
  private func send(
    _ request: ClientRequest, deadline: ContinuousClock.Instant
  ) async throws(Failure) -> ClientResponse {
    // That there is no time left is not the inventory's fault.
    guard .now < deadline else {
      throw Failure(isSeen: false, reason: "there was no time left to ask the inventory")
    }
    guard let ticket = breaker.admit() else {
      throw Failure(isSeen: false, reason: "the inventory has not answered lately")
    }
    do throws(Failure) {
      let response = try await sendRepeatedly(request, deadline: deadline)
      breaker.report(ticket, isSuccess: true)
      return response
    } catch {
      if error.isLocal {
        breaker.abandon(ticket)
      } else {
        breaker.report(ticket, isSuccess: false)
      }
      throw error
    }
  }

  /// Sends until there is an answer that is no error of the server's.
  private func sendRepeatedly(
    _ request: ClientRequest, deadline: ContinuousClock.Instant
  ) async throws(Failure) -> ClientResponse {
    var (isSeen, isLocal) = (false, true)
    var attempt = 0
    while true {
      do throws(Failure) {
        return try await sendOnce(request, attempt, deadline)
      } catch {
        isSeen = isSeen || error.isSeen
        isLocal = isLocal && error.isLocal
        guard attempt + 1 < Self.attemptsMax, await Self.rest(after: attempt, deadline) else {
          throw Failure(isSeen: isSeen, isLocal: isLocal, reason: error.reason)
        }
        attempt += 1
      }
    }
  }

  private func sendOnce(
    _ request: ClientRequest, _ attempt: Int, _ deadline: ContinuousClock.Instant
  ) async throws(Failure) -> ClientResponse {
    let time = deadline - .now
    var request = request
    request.resendCount = attempt
    request.fields.append(
      HTTPField(name: RequestBudget.fieldName, value: RequestBudget.value(time)))
    let response: ClientResponse
    do throws(HTTPClientError) {
      response = try await client.send(request, deadline: .now() + time)
    } catch {
      throw Failure(
        isSeen: !error.isBeforeSending, isLocal: Self.isLocal(error, within: time),
        reason: error.description)
    }
    guard response.status.kind != .serverError else {
      throw Failure(isSeen: true, reason: "the inventory answered \(response.status.code)")
    }
    return response
  }

  /// Whether an error has its cause on this side.
  private static func isLocal(_ error: HTTPClientError, within time: Duration) -> Bool {
    switch error {
    case .overloaded, .cancelled, .invalidRequest: true
    case .timedOut: time < fairTime
    case .resolutionFailed, .connectionFailed, .tunnelRefused, .disconnected, .protocolViolation,
      .redirectRefused:
      false
    }
  }

  /// Waits before a further try; at random between half and all of the time, so that many who failed
  /// together do not come back together.
  /// - Returns: false when there is no time for it.
  private static func rest(
    after attempt: Int, _ deadline: ContinuousClock.Instant
  ) async -> Bool {
    let time = firstDelay * (1 << attempt)
    guard .now + time < deadline else { return false }
    try? await Task.sleep(for: time * Double.random(in: 0.5...1))
    return !Task.isCancelled
  }
}

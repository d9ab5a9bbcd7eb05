import HTTP1
import HTTPTypes
import Metrics
import Synchronization

/// The points of `http.server.request.duration`, one for each set of attributes.
final class ServerTimers: Sendable {
  private struct Key: Hashable {
    let method: String
    let scheme: String
    let route: String?
    let version: HTTPVersion
    let status: Int?
    let error: String?
  }

  private let factory: any MetricsFactory
  private let timers = Mutex<[Key: Timer]>([:])

  init(factory: any MetricsFactory) { self.factory = factory }

  /// - Parameter status: nil when no response was sent.
  func timer(_ request: RequestObservation, status: Int?, error: String?) -> Timer {
    let key = Key(
      method: request.method, scheme: request.scheme, route: request.route,
      version: request.head.version, status: status, error: error)
    return timers.withLock { timers in
      if let timer = timers[key] { return timer }
      var dimensions = [
        ("http.request.method", request.method), ("url.scheme", request.scheme),
        ("network.protocol.version", request.protocolVersion),
      ]
      if let status { dimensions.append(("http.response.status_code", "\(status)")) }
      if let route = request.route { dimensions.append(("http.route", route)) }
      if let error { dimensions.append(("error.type", error)) }
      let timer = Timer(
        label: "http.server.request.duration", dimensions: dimensions, factory: factory)
      timers[key] = timer
      return timer
    }
  }

  /// What stands for every method that is not known.
  static let otherMethod = "_OTHER"

  /// The method if it is one of the known ones, else `_OTHER`: it comes from outside, and every
  /// value is a series of its own.
  static func knownMethod(_ method: HTTPRequest.Method) -> String {
    switch method.rawValue {
    case "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "QUERY":
      method.rawValue
    default: otherMethod
    }
  }
}

import HTTPTypes
import Metrics
import Synchronization

/// The points of `http.server.request.duration`, one for each set of attributes.
final class ServerTimers: Sendable {
  private struct Key: Hashable {
    let method: String
    let scheme: String
    let route: String?
    let status: Int
    let error: String?
  }

  private let timers = Mutex<[Key: Timer]>([:])

  func timer(method: String, scheme: String, route: String?, status: Int, error: String?) -> Timer {
    let key = Key(method: method, scheme: scheme, route: route, status: status, error: error)
    return timers.withLock { timers in
      if let timer = timers[key] { return timer }
      var dimensions = [
        ("http.request.method", method), ("url.scheme", scheme),
        ("http.response.status_code", "\(status)"), ("network.protocol.version", "1.1"),
      ]
      if let route { dimensions.append(("http.route", route)) }
      if let error { dimensions.append(("error.type", error)) }
      let timer = Timer(label: "http.server.request.duration", dimensions: dimensions)
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

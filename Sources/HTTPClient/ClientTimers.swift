import HTTPTypes
import Metrics
import Sockets
import Synchronization

/// The points of `http.client.request.duration`, one for each set of attributes.
final class ClientTimers: Sendable {
  private struct Key: Hashable {
    let method: String
    let scheme: HTTPURL.Scheme
    let host: String
    let port: UInt16
    let status: Int?
    let error: String?
  }

  private let timers = Mutex<[Key: Timer]>([:])
  private let factory: any MetricsFactory

  init(factory: any MetricsFactory) { self.factory = factory }

  func timer(_ request: ClientRequest, status: Int?, error: String?) -> Timer {
    let key = Key(
      method: request.method.rawValue, scheme: request.url.scheme, host: request.url.host,
      port: request.url.port, status: status, error: error)
    return timers.withLock { timers in
      if let timer = timers[key] { return timer }
      var dimensions = [
        ("http.request.method", key.method), ("server.address", key.host),
        ("server.port", "\(key.port)"), ("network.protocol.version", "1.1"),
        ("url.scheme", request.url.scheme.rawValue),
      ]
      if let status { dimensions.append(("http.response.status_code", "\(status)")) }
      if let error = error ?? status.flatMap({ $0 >= 400 ? "\($0)" : nil }) {
        dimensions.append(("error.type", error))
      }
      let timer = Timer(
        label: "http.client.request.duration", dimensions: dimensions, factory: factory)
      timers[key] = timer
      return timer
    }
  }
}

extension Timer {
  /// Records the time that has passed since `start`.
  func record(since start: MonotonicInstant) {
    recordNanoseconds((MonotonicInstant.now() - start).wholeNanoseconds)
  }
}

package import Sockets
import Synchronization

/// An HTTP/1.1 client with pools of connections, one for each event loop it is used on: a request
/// from a task on a loop is sent and answered on that loop, without a change of threads.
///
/// It makes no telemetry of its own; `InstrumentedClient` does.
package final class HTTPClient: Sendable {
  package let configuration: HTTPClientConfiguration
  /// Where requests run that come from no loop.
  private let homeLoop: EventLoop
  private let parts = Mutex<[ObjectIdentifier: ClientLoop]>([:])

  package init(
    configuration: HTTPClientConfiguration = HTTPClientConfiguration(), homeLoop: EventLoop
  ) {
    self.configuration = configuration
    self.homeLoop = homeLoop
  }

  /// Sends `request` and receives its whole response; follows redirects as far as it says.
  /// - Parameter deadline: For everything: waiting for a connection, connecting, the exchange, and
  ///   the same again for each redirect.
  /// - Throws: `HTTPClientError`. An answer of any status is no error.
  package func send(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientResponse {
    var request = request
    while true {
      let response = try await sendOnce(request, deadline: deadline)
      guard let next = try request.redirected(by: response) else { return response }
      request = next
    }
  }

  /// As `send`, but for redirects, which are answers.
  func sendOnce(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientResponse {
    if let loop = EventLoop.current {
      return try await part(on: loop).send(request, deadline: deadline)
    }
    return try await homeLoop.run { () async throws(HTTPClientError) in
      try await self.part(on: self.homeLoop).send(request, deadline: deadline)
    }
  }

  /// Closes the connections that nobody uses.
  package func closeIdleConnections() async {
    for part in parts.withLock({ Array($0.values) }) {
      await part.loop.run { part.closeIdle() }
    }
  }

  private func part(on loop: EventLoop) -> ClientLoop {
    parts.withLock { parts in
      let key = ObjectIdentifier(loop)
      if let part = parts[key] { return part }
      let part = ClientLoop(loop: loop, configuration: configuration)
      parts[key] = part
      return part
    }
  }
}

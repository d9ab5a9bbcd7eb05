import HTTP1
import Sockets
import TLS

/// A client's part on one event loop.
final class ClientLoop: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: used on its loop's thread only, which `HTTPClient` sees to.
  let loop: EventLoop
  private let configuration: HTTPClientConfiguration
  private var pools: [Origin: ConnectionPool] = [:]

  init(loop: EventLoop, configuration: HTTPClientConfiguration) {
    self.loop = loop
    self.configuration = configuration
  }

  func send(
    _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientResponse {
    let pool = pool(for: Origin(request.url))
    while true {
      let connection: ClientConnection
      switch try await pool.acquire(deadline: deadline) {
      case .use(let idle): connection = idle
      case .open:
        do throws(HTTPClientError) {
          connection = try await connect(request.url, deadline: deadline)
        } catch {
          pool.discard()
          throw error
        }
      }
      let wasReused = connection.isReused
      do throws(HTTPClientError) {
        let (response, isReusable) = try await connection.exchange(
          request, userAgent: configuration.userAgent, deadline: deadline)
        if isReusable {
          pool.release(connection)
        } else {
          connection.close()
          pool.discard()
        }
        return response
      } catch {
        let isStale = wasReused && connection.hasReceivedNothing && request.isIdempotent
        connection.close()
        pool.discard()
        // The server may have closed it just as we sent (RFC 9110 §9.2.2); a fresh one tells. Every
        // round uses up a connection that was idle, so this ends.
        if case .disconnected = error, isStale { continue }
        throw error
      }
    }
  }

  func closeIdle() {
    for pool in pools.values { pool.closeIdle() }
  }

  private func pool(for origin: Origin) -> ConnectionPool {
    if let pool = pools[origin] { return pool }
    let pool = ConnectionPool(loop: loop, configuration: configuration)
    pools[origin] = pool
    return pool
  }

  /// Tries every address of the host in order.
  private func connect(
    _ url: HTTPURL, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientConnection {
    let limit = min(deadline, .now() + configuration.connectTimeout)
    let addresses: [SocketAddress]
    do throws(ResolutionError) {
      addresses = try await NameResolver.shared.resolve(
        host: url.host, port: url.port, on: loop, deadline: limit)
    } catch {
      if Task.isCancelled { throw .cancelled }
      throw error.reason == .timedOut ? .timedOut(.connecting) : .resolutionFailed(error)
    }
    var failure = HTTPClientError.timedOut(.connecting)
    for (index, address) in addresses.enumerated() {
      // An address that does not answer must leave time for the others.
      let present = MonotonicInstant.now()
      guard present < limit else { break }
      let share = (limit - present) / (addresses.count - index)
      do throws(StreamError) {
        let socket = try await TCPStream.connect(
          to: address, on: loop, deadline: present + share)
        return ClientConnection(
          stream: url.scheme == .http ? socket : try await secured(socket, url, deadline: limit),
          peerAddress: socket.peerAddress, limits: configuration.limits)
      } catch {
        switch error {
        case .cancelled: throw .cancelled
        case .timedOut: failure = .timedOut(.connecting)
        // Another address would hide why this one is not to be trusted.
        case .security: throw .connectionFailed(address, error)
        case .closed, .system: failure = .connectionFailed(address, error)
        }
      }
    }
    throw failure
  }

  private func secured(
    _ socket: TCPStream, _ url: HTTPURL, deadline: MonotonicInstant
  ) async throws(StreamError) -> TLSStream {
    do {
      let context = try configuration.tls ?? Self.systemTrust.get()
      let stream = try TLSStream(client: context, host: url.host, port: url.port, over: socket)
      try await stream.handshake(deadline: deadline)
      return stream
    } catch {
      socket.close()
      throw error as? StreamError ?? .security(error)
    }
  }

  /// Made when it is first needed: reading the system's authorities takes milliseconds.
  private static let systemTrust = Result { () throws(TLSError) in try TLSClientContext() }
}

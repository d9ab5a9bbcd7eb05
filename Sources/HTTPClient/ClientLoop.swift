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
    // Why the round before this one failed, which had sent the request.
    var failure: HTTPClientError?
    while true {
      let connection: ClientConnection
      do throws(HTTPClientError) {
        connection = try await self.connection(of: pool, request, deadline: deadline)
      } catch {
        // A round that sends nothing does not undo what was sent before it.
        throw failure ?? error
      }
      let wasReused = connection.isReused
      do throws(HTTPClientError) {
        let (response, isReusable) = try await connection.exchange(request, deadline: deadline)
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
        guard case .disconnected = error, isStale else { throw error }
        failure = error
      }
    }
  }

  /// A connection of `pool`, to be accounted for with `release` or `discard`.
  private func connection(
    of pool: ConnectionPool, _ request: ClientRequest, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientConnection {
    switch try await pool.acquire(deadline: deadline) {
    case .use(let idle): return idle
    case .open:
      do throws(HTTPClientError) {
        return try await connect(request.url, deadline: deadline)
      } catch {
        pool.discard()
        throw error
      }
    }
  }

  func closeIdle() {
    for pool in pools.values { pool.closeIdle() }
  }

  private func pool(for origin: Origin) -> ConnectionPool {
    if let pool = pools[origin] { return pool }
    // Redirects may lead anywhere: what nobody uses any more is not kept.
    pools = pools.filter { !$0.value.isUnused }
    let pool = ConnectionPool(loop: loop, configuration: configuration)
    pools[origin] = pool
    return pool
  }

  /// Connects to the server or its proxy; tries every address of the host in order.
  private func connect(
    _ url: HTTPURL, deadline: MonotonicInstant
  ) async throws(HTTPClientError) -> ClientConnection {
    let limit = min(deadline, .now() + configuration.connectTimeout)
    let proxy = configuration.proxies.proxy(for: url)
    let addresses: [SocketAddress]
    do throws(ResolutionError) {
      addresses = try await configuration.resolver.resolve(
        host: proxy?.host ?? url.host, port: proxy?.port ?? url.port, on: loop, deadline: limit)
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
      let socket: TCPStream
      do throws(StreamError) {
        socket = try await TCPStream.connect(to: address, on: loop, deadline: present + share)
      } catch {
        failure = try Self.reason(error, .connecting, address)
        continue
      }
      do throws(StreamError) {
        return try await open(url, over: socket, proxy, deadline: deadline)
      } catch {
        socket.close()
        failure = try Self.reason(error, .securing, address)
      }
    }
    throw failure
  }

  /// Why one address is of no use.
  /// - Throws: What ends the search.
  private static func reason(
    _ error: StreamError, _ phase: HTTPClientError.Phase, _ address: SocketAddress
  ) throws(HTTPClientError) -> HTTPClientError {
    switch error {
    case .cancelled: throw .cancelled
    case .timedOut: .timedOut(phase)
    // Another address would hide why this one is not to be trusted.
    case .security(let refusal as HTTPClientError): throw refusal
    case .security: throw .connectionFailed(address, error)
    case .closed, .system: .connectionFailed(address, error)
    }
  }

  /// Makes of a socket that is connected what `url` asks for.
  private func open(
    _ url: HTTPURL, over socket: TCPStream, _ proxy: HTTPProxy?, deadline: MonotonicInstant
  ) async throws(StreamError) -> ClientConnection {
    guard url.scheme == .https else {
      return ClientConnection(
        stream: socket, peerAddress: socket.peerAddress, proxy: proxy, configuration: configuration)
    }
    let limit = min(deadline, .now() + configuration.handshakeTimeout)
    do {
      if let proxy {
        try await ProxyTunnel.open(
          to: url, through: proxy, over: socket, configuration, deadline: limit)
      }
      let context = try configuration.tls ?? Self.systemTrust.get()
      let stream = try TLSStream(client: context, host: url.host, port: url.port, over: socket)
      try await stream.handshake(deadline: limit)
      return ClientConnection(
        stream: stream, peerAddress: socket.peerAddress, proxy: nil, configuration: configuration)
    } catch {
      throw error as? StreamError ?? .security(error)
    }
  }

  /// Made when it is first needed: reading the system's authorities takes milliseconds.
  private static let systemTrust = Result { () throws(TLSError) in try TLSClientContext() }
}

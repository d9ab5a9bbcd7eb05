import Glibc

/// A listening socket straight from the C library, at a free port.
package final class RawListener: Sendable {
  package let descriptor: Int32
  package let port: UInt16

  /// - Parameters:
  ///   - port: 0 takes a free one.
  ///   - backlog: How many connections may wait to be accepted, less one; nil only binds, so that
  ///     nobody can be reached at the port.
  package init(host: String = "127.0.0.1", port: UInt16 = 0, backlog: Int32? = 128) throws {
    let address = try RawAddress(host: host, port: port)
    let descriptor = try RawSocket.check("socket") {
      socket(address.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    }
    self.descriptor = descriptor
    var one: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
    if address.family == AF_INET6 {
      setsockopt(descriptor, Int32(IPPROTO_IPV6), Int32(IPV6_V6ONLY), &one, 4)
    }
    do {
      try RawSocket.check("bind") { address.withSockAddr { bind(descriptor, $0, $1) } }
      if let backlog { try RawSocket.check("listen") { listen(descriptor, backlog) } }
    } catch {
      _ = Glibc.close(descriptor)
      throw error
    }
    self.port = RawAddress.port(of: descriptor, getsockname) ?? 0
  }

  deinit { _ = Glibc.close(descriptor) }

  /// Lets nobody connect any more; the port stays taken.
  package func stop() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Waits for a connection; bounded like every call.
  package func accept() throws -> RawSocket {
    guard isWaiting(withinMilliseconds: Int32(RawSocket.patienceSeconds) * 1000) else {
      throw RawSocket.Failure(call: "accept", code: EAGAIN)
    }
    return try RawSocket(
      owning: try RawSocket.check("accept") { Glibc.accept(descriptor, nil, nil) })
  }

  /// Whether a connection waits to be accepted.
  package func isWaiting(withinMilliseconds milliseconds: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, milliseconds) > 0
  }
}

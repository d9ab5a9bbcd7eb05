import CLinux
import Glibc

/// A listening TCP socket on one event loop. Several may share an address and port, one on each
/// loop: the kernel then spreads the connections (SO_REUSEPORT).
package final class TCPListener: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: `descriptor` is confined to the loop, and checks it.
  private let descriptor: PollDescriptor
  /// Where it listens, with the real port.
  package let address: SocketAddress

  /// Takes a bound socket to the loop whose thread this is.
  package init(_ bound: consuming BoundSocket, loop: EventLoop) throws(SystemError) {
    address = bound.address
    descriptor = try PollDescriptor(bound.takeDescriptor(), loop: loop)
  }

  deinit {
    let descriptor = descriptor
    if descriptor.loop.isCurrent {
      descriptor.close()
    } else {
      descriptor.loop.execute { descriptor.close() }
    }
  }

  /// Tries to accept one connection.
  /// - Returns: nil when none is waiting.
  /// - Throws: `system`; `isResourceShortage` passes, and the caller pauses before it tries again.
  package func accept() throws(SystemError) -> AcceptedConnection? {
    guard let rawValue = descriptor.rawValue, descriptor.isReadable else { return nil }
    while true {
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      do throws(SystemError) {
        let accepted = try SystemCall.attempt("accept4") {
          withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
              clinux_accept4(rawValue, $0, &length)
            }
          }
        }
        guard let accepted else {
          descriptor.markDrained()
          return nil
        }
        SocketOptions.disableDelay(on: accepted)
        return AcceptedConnection(
          descriptor: FileDescriptor(owning: accepted),
          peerAddress: SocketAddress(storage: storage))
      } catch {
        // The peer gave up before it was accepted, or the network dropped it: the next may be fine.
        guard Self.concernsOnePeer(error.code) else { throw error }
      }
    }
  }

  /// Waits until a connection may be there.
  package func waitForConnection(deadline: MonotonicInstant) async throws(StreamError) {
    try await descriptor.wait(.reading, deadline: deadline)
  }

  /// Lets whoever waits for a connection return.
  package func interrupt() { descriptor.interruptReader() }

  /// Stops listening. Connections that nobody accepted yet are refused by the kernel, so accept
  /// until nil first.
  package func close() { descriptor.close() }

  /// accept(2): errors already pending on the new socket, to be treated like EAGAIN.
  private static func concernsOnePeer(_ code: Int32) -> Bool {
    switch code {
    case ECONNABORTED, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, ENETUNREACH,
      EPERM:
      true
    default: false
    }
  }
}

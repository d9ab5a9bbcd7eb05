import CLinux
import Glibc

/// A socket that is bound and listens, not yet on a loop.
package struct BoundSocket: ~Copyable, Sendable {
  private let descriptor: FileDescriptor
  /// Where it listens, with the real port.
  package let address: SocketAddress

  private init(descriptor: consuming FileDescriptor, address: SocketAddress) {
    self.descriptor = descriptor
    self.address = address
  }

  /// Binds to `address` and listens.
  /// - Parameters:
  ///   - address: Port 0 takes a free one.
  ///   - isShared: Whether other sockets of this process may listen there too. The first of them
  ///     must come from `checkFree`, because the kernel lets unrelated processes of one user share
  ///     as well.
  ///   - backlog: Connections that may wait to be accepted; the kernel caps it (somaxconn).
  /// - Throws: `SystemError` of `bind` or `listen`, such as address in use or permission denied.
  package init(
    _ address: SocketAddress, isShared: Bool, backlog: Int32 = 4096
  ) throws(SystemError) {
    let socket = try SocketOptions.openTCP(family: address.family)
    SocketOptions.enable(SO_REUSEADDR, level: SOL_SOCKET, on: socket.rawValue)
    if isShared { SocketOptions.enable(SO_REUSEPORT, level: SOL_SOCKET, on: socket.rawValue) }
    try Self.bind(socket.rawValue, to: address)
    let rawValue = socket.rawValue
    try SystemCall.run("listen") { listen(rawValue, backlog) }
    let bound = SocketAddress.local(of: rawValue) ?? address
    self.init(descriptor: socket, address: bound)
  }

  /// Makes sure that nobody listens at `address` yet, which sharing would hide.
  /// - Throws: `SystemError` of `bind`.
  package static func checkFree(_ address: SocketAddress) throws(SystemError) {
    guard address.port != 0 else { return }
    let socket = try SocketOptions.openTCP(family: address.family)
    SocketOptions.enable(SO_REUSEADDR, level: SOL_SOCKET, on: socket.rawValue)
    try bind(socket.rawValue, to: address)
  }

  consuming func takeDescriptor() -> FileDescriptor { descriptor }

  private static func bind(_ descriptor: Int32, to address: SocketAddress) throws(SystemError) {
    if address.family == .ipv6 {
      // IPv4 has sockets of its own, so that both can be bound whatever the system's default is.
      SocketOptions.enable(
        Int32(IPV6_V6ONLY), level: Int32(IPPROTO_IPV6), on: descriptor)
    }
    try SystemCall.run("bind") {
      address.withSockAddr { Glibc.bind(descriptor, $0, $1) }
    }
  }
}

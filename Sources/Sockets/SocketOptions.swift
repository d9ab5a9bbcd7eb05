import CLinux
import Glibc

/// Opening sockets and setting their options.
enum SocketOptions {
  static func openTCP(family: SocketAddress.Family) throws(SystemError) -> FileDescriptor {
    let domain = family == .ipv4 ? AF_INET : AF_INET6
    let type =
      Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return FileDescriptor(owning: try SystemCall.run("socket") { socket(domain, type, 0) })
  }

  /// Sends small writes at once: every response is one write, and waiting for more only adds
  /// latency (Nagle's algorithm, RFC 9293 §3.7.4).
  static func disableDelay(on descriptor: Int32) {
    enable(TCP_NODELAY, level: Int32(IPPROTO_TCP), on: descriptor)
  }

  /// Sets a boolean option. One that the kernel lacks is a loss of speed, not of correctness.
  static func enable(_ option: Int32, level: Int32, on descriptor: Int32) {
    var one: Int32 = 1
    setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
  }
}

extension SocketAddress {
  /// The address that a socket is bound to.
  static func local(of descriptor: Int32) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        getsockname(descriptor, $0, &length)
      }
    }
    return code == 0 ? SocketAddress(storage: storage) : nil
  }
}

import Glibc
import Sockets

/// A port of this machine that is taken and that nobody listens to.
final class RefusingPort: Sendable {
  private let descriptor: Int32
  let number: UInt16

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, size) = (descriptor, length)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &length) : -1
      }
    }
    guard code == 0 else { throw SystemError(call: "bind", code: errno) }
    number = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }

  var endpoint: String { "http://127.0.0.1:\(number)" }
}

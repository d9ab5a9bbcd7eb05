package import Glibc

/// An IPv4 or IPv6 address with a port.
package struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  package enum Family: Hashable, Sendable { case ipv4, ipv6 }

  package let family: Family
  /// 4 or 16 bytes in network order; unused ones are 0.
  let bytes: SIMD16<UInt8>
  /// In host order.
  package let port: UInt16
  /// The IPv6 zone (RFC 4007), 0 for none.
  private let scope: UInt32

  private init(family: Family, bytes: SIMD16<UInt8>, port: UInt16, scope: UInt32) {
    self.family = family
    self.bytes = bytes
    self.port = port
    self.scope = scope
  }

  /// Parses a numeric address, such as `127.0.0.1`, `::1` or `[::1]`; nil for anything else.
  package init?(numeric host: String, port: UInt16) {
    // To `inet_pton` a NUL ends the text.
    guard !host.utf8.contains(0) else { return nil }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    let text = isBracketed ? String(host.dropFirst().dropLast()) : host
    var bytes = SIMD16<UInt8>()
    let isIPv4 = !isBracketed && withUnsafeMutableBytes(of: &bytes) {
      inet_pton(AF_INET, text, $0.baseAddress) == 1
    }
    if isIPv4 {
      self.init(family: .ipv4, bytes: bytes, port: port, scope: 0)
      return
    }
    let isIPv6 = withUnsafeMutableBytes(of: &bytes) {
      inet_pton(AF_INET6, text, $0.baseAddress) == 1
    }
    guard isIPv6 else { return nil }
    self.init(family: .ipv6, bytes: bytes, port: port, scope: 0)
  }

  /// Reads what the kernel wrote; nil when it is neither IPv4 nor IPv6.
  package init?(storage: sockaddr_storage) {
    var storage = storage
    var bytes = SIMD16<UInt8>()
    switch Int32(storage.ss_family) {
    case AF_INET:
      let address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in.self) }
      withUnsafeBytes(of: address.sin_addr) { source in
        for index in 0..<4 { bytes[index] = source[index] }
      }
      self.init(
        family: .ipv4, bytes: bytes, port: UInt16(bigEndian: address.sin_port), scope: 0)
    case AF_INET6:
      let address = withUnsafeBytes(of: &storage) { $0.load(as: sockaddr_in6.self) }
      withUnsafeBytes(of: address.sin6_addr) { source in
        for index in 0..<16 { bytes[index] = source[index] }
      }
      self.init(
        family: .ipv6, bytes: bytes, port: UInt16(bigEndian: address.sin6_port),
        scope: address.sin6_scope_id)
    default: return nil
    }
  }

  /// The same address with another port.
  package func with(port: UInt16) -> SocketAddress {
    SocketAddress(family: family, bytes: bytes, port: port, scope: scope)
  }

  /// The address without its port, as `inet_ntop` writes it.
  package var host: String {
    // By hand for the kind that nearly everyone is: a tenth of the time, and no allocation.
    if family == .ipv4 { return "\(bytes[0]).\(bytes[1]).\(bytes[2]).\(bytes[3])" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    return withUnsafeBytes(of: bytes) { source in
      text.withUnsafeMutableBufferPointer { target in
        inet_ntop(AF_INET6, source.baseAddress, target.baseAddress, socklen_t(target.count))
          .map { String(cString: $0) } ?? ""
      }
    }
  }

  /// For example `127.0.0.1:80` or `[::1]:80`.
  package var description: String {
    family == .ipv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
  }

  /// Calls `body` with the address as the kernel takes it.
  package func withSockAddr<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    switch family {
    case .ipv4:
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      withUnsafeMutableBytes(of: &address.sin_addr) { target in
        for index in 0..<4 { target[index] = bytes[index] }
      }
      return withRebound(&address, body)
    case .ipv6:
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      address.sin6_scope_id = scope
      withUnsafeMutableBytes(of: &address.sin6_addr) { target in
        for index in 0..<16 { target[index] = bytes[index] }
      }
      return withRebound(&address, body)
    }
  }

  private func withRebound<Address, R>(
    _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> R
  ) -> R {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }
}

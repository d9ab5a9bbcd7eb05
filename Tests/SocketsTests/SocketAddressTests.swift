import Glibc
import Sockets
import Testing

@Suite struct SocketAddressTests {
  @Test(arguments: [
    ("127.0.0.1", 80, "127.0.0.1:80", "127.0.0.1"), ("0.0.0.0", 0, "0.0.0.0:0", "0.0.0.0"),
    ("255.255.255.255", 65_535, "255.255.255.255:65535", "255.255.255.255"),
    ("::1", 80, "[::1]:80", "::1"), ("[::1]", 80, "[::1]:80", "::1"), ("::", 1, "[::]:1", "::"),
    ("2001:DB8:0:0:0:0:0:1", 1, "[2001:db8::1]:1", "2001:db8::1"),
    ("::ffff:1.2.3.4", 1, "[::ffff:1.2.3.4]:1", "::ffff:1.2.3.4"),
  ] as [(String, UInt16, String, String)])
  func numericAddresses(
    _ text: String, _ port: UInt16, _ description: String, _ host: String
  ) throws {
    let address = try #require(SocketAddress(numeric: text, port: port))
    #expect(address.description == description && address.host == host && address.port == port)
    #expect(address.family == (host.contains(":") ? .ipv6 : .ipv4))
    let other = address.with(port: 9)
    #expect(other.port == 9 && other.host == host && other.with(port: port) == address)
    // As the kernel takes it, and back.
    let copy = address.withSockAddr { pointer, length -> SocketAddress? in
      var storage = sockaddr_storage()
      memcpy(&storage, pointer, Int(length))
      return SocketAddress(storage: storage)
    }
    #expect(copy == address)
  }

  @Test(arguments: [
    "", "localhost", "127.0.0", "127.0.0.256", "127.0.0.1 ", "127.0.0.1:80", "[127.0.0.1]", "[::1",
    "::1]", "[]", ":::", "1", "0x7f.0.0.1", "::1%lo", "12345::",
    "127.0.0.1\0", "127.0.0.1\0.example", "[::1\0]",
  ])
  func everythingElseIsNone(_ text: String) {
    #expect(SocketAddress(numeric: text, port: 80) == nil)
  }

  @Test func anotherFamilyIsNone() {
    var storage = sockaddr_storage()
    storage.ss_family = sa_family_t(AF_UNIX)
    #expect(SocketAddress(storage: storage) == nil)
  }

  @Test func equalOnlyWhenAllIs() throws {
    let address = try #require(SocketAddress(numeric: "1.2.3.4", port: 5))
    #expect(address == SocketAddress(numeric: "1.2.3.4", port: 5))
    #expect(address != SocketAddress(numeric: "1.2.3.4", port: 6))
    #expect(address != SocketAddress(numeric: "1.2.3.5", port: 5))
    // The same bytes in another family.
    #expect(address != SocketAddress(numeric: "102:304::", port: 5))
  }

  /// The zone of a link-local address is part of it.
  @Test func zones() throws {
    var storage = sockaddr_storage()
    var six = sockaddr_in6()
    six.sin6_family = sa_family_t(AF_INET6)
    six.sin6_scope_id = 3
    memcpy(&storage, &six, MemoryLayout<sockaddr_in6>.size)
    let zoned = try #require(SocketAddress(storage: storage))
    #expect(zoned != SocketAddress(numeric: "::", port: 0))
    let scope = zoned.with(port: 1).withSockAddr { pointer, _ in
      pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_scope_id }
    }
    #expect(scope == 3)
  }
}

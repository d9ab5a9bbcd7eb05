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

  @Test(arguments: [
    ("127.0.0.1", true), ("127.255.255.255", true), ("128.0.0.1", false), ("126.0.0.1", false),
    ("0.0.0.0", false), ("::1", true), ("::", false), ("::2", false), ("1::1", false),
  ])
  func thisMachine(_ host: String, _ isLoopback: Bool) throws {
    #expect(try #require(SocketAddress(numeric: host, port: 1)).isLoopback == isLoopback)
  }

  @Test(arguments: [
    ("10.1.2.3", "10.1.2.3", 32, true), ("10.1.2.2", "10.1.2.3", 32, false),
    ("10.1.2.2", "10.1.2.3", 31, true), ("10.1.2.1", "10.1.2.3", 31, false),
    ("10.9.9.9", "10.0.0.0", 8, true), ("11.0.0.0", "10.0.0.0", 8, false),
    ("11.0.0.0", "10.0.0.0", 7, true), ("200.0.0.1", "10.0.0.0", 0, true),
    ("128.0.0.0", "0.0.0.0", 1, false), ("10.1.2.2", "10.1.2.3", 99, false),
    ("10.1.2.3", "10.1.2.3", -1, true), ("2001:db8::1", "2001:db8::", 64, true),
    ("2001:db8:0:1::", "2001:db8::", 64, false), ("2001:db8:0:1::", "2001:db8::", 63, true),
    ("::1", "::2", 128, false), ("::1", "10.0.0.0", 0, false),
  ])
  func networks(_ host: String, _ network: String, _ prefixBits: Int, _ isIn: Bool) throws {
    let address = try #require(SocketAddress(numeric: host, port: 1))
    let other = try #require(SocketAddress(numeric: network, port: 2))
    #expect(address.isInNetwork(of: other, prefixBits: prefixBits) == isIn)
  }
}

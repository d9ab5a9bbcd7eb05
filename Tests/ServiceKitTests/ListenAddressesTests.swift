import ServiceKit
import Sockets
import Testing

@Suite struct ListenAddressesTests {
  @Test(arguments: [
    ("*", ["0.0.0.0:80", "[::]:80"]), ("127.0.0.1", ["127.0.0.1:80"]), ("::1", ["[::1]:80"]),
    ("0.0.0.0", ["0.0.0.0:80"]), ("[::1]", ["[::1]:80"]),
  ])
  func whatAHostStandsFor(_ host: String, _ addresses: [String]) throws {
    let found = try ListenAddresses.resolve(host: host, port: 80)
    #expect(found.map(\.description) == addresses)
  }

  @Test func localhostBeginsWithIPv4() throws {
    let found = try ListenAddresses.resolve(host: "localhost", port: 8000)
    #expect(found.first?.description == "127.0.0.1:8000")
    #expect(found.allSatisfy { $0.port == 8000 })
  }

  @Test(arguments: ["", "no such host", "host.invalid", "256.0.0.1"])
  func whatStandsForNothing(_ host: String) {
    #expect(throws: ResolutionError.self) { try ListenAddresses.resolve(host: host, port: 80) }
  }
}

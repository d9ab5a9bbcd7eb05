import Testing

@testable import Telemetry

@Suite("Endpoints")
struct OTLPEndpointTests {
  private func parsed(_ text: String) -> Result<OTLPEndpoint, OTLPEndpoint.Invalid> {
    do throws(OTLPEndpoint.Invalid) { return .success(try OTLPEndpoint(parsing: text)) } catch {
      return .failure(error)
    }
  }

  @Test(
    "valid URLs: what they become, and with a signal's path",
    arguments: [
      ("http://localhost:4318", "http://localhost:4318/", "http://localhost:4318/v1/traces"),
      ("http://localhost", "http://localhost:80/", "http://localhost:80/v1/traces"),
      ("https://localhost", "https://localhost:443/", "https://localhost:443/v1/traces"),
      ("HTTP://Collector.Example:1", "http://collector.example:1/",
        "http://collector.example:1/v1/traces"),
      ("http://a:65535/", "http://a:65535/", "http://a:65535/v1/traces"),
      ("http://a:/", "http://a:80/", "http://a:80/v1/traces"),
      ("http://a/base", "http://a:80/base", "http://a:80/base/v1/traces"),
      ("http://a/base/", "http://a:80/base/", "http://a:80/base/v1/traces"),
      ("http://a?x=/", "http://a:80/?x=/", "http://a:80/v1/traces?x=/"),
      ("http://a/b?x=1", "http://a:80/b?x=1", "http://a:80/b/v1/traces?x=1"),
      ("http://127.0.0.1:1", "http://127.0.0.1:1/", "http://127.0.0.1:1/v1/traces"),
      ("http://[::1]:1", "http://[::1]:1/", "http://[::1]:1/v1/traces"),
      ("https://[::ffff:1.2.3.4]", "https://[::ffff:1.2.3.4]:443/",
        "https://[::ffff:1.2.3.4]:443/v1/traces"),
      ("http://a_b-c.d", "http://a_b-c.d:80/", "http://a_b-c.d:80/v1/traces"),
    ])
  func valid(text: String, alone: String, withPath: String) throws {
    let endpoint = try parsed(text).get()
    #expect(endpoint.description == alone)
    #expect(endpoint.appending(.traces).description == withPath)
    #expect(try parsed(alone).get() == endpoint)
  }

  @Test(
    "invalid ones",
    arguments: [
      ("", .scheme), ("localhost:4318", .scheme), ("://a", .scheme), ("ftp://a", .scheme),
      ("http:/a", .scheme), ("http://", .host), ("http://:80", .host), ("http:///p", .host),
      ("http://a b", .character), ("http://a\n", .character), ("http://\u{e9}", .character),
      ("http://u:p@a", .credentials), ("http://@a", .credentials), ("http://a#f", .fragment),
      ("http://a:0", .port), ("http://a:65536", .port), ("http://a:x", .port),
      ("http://a:+1", .port), ("http://a:-1", .port), ("http://a:1:2", .port),
      ("http://[::1", .host), ("http://[a]", .host), ("http://[]", .host), ("http://[::1]x", .host),
      ("http://a/b@c", nil), ("http://a,b", .host), ("http://[1.2.3.4]", .host),
      ("http://[:]", .host), ("http://[::1\u{7f}]", .character),
    ] as [(String, OTLPEndpoint.Invalid?)])
  func invalid(text: String, reason: OTLPEndpoint.Invalid?) {
    switch parsed(text) {
    case .success: #expect(reason == nil)
    case .failure(let error): #expect(error == reason)
    }
  }

  @Test("the default, and its address for people")
  func standard() throws {
    #expect(OTLPEndpoint.localCollector.description == "http://localhost:4318/")
    #expect(OTLPEndpoint.localCollector.appending(.logs).path == "/v1/logs")
    #expect(try parsed("http://[::1]:1/p").get().address == "http://[::1]:1")
  }
}

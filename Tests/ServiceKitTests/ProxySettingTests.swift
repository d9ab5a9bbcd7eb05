import HTTPClient
import ServiceKit
import Testing

@Suite struct ProxySettingTests {
  @Test func whatIsSetIsUsedAndShownWithoutItsPassword() throws {
    let settings = Settings(environment: [
      "http_proxy": "http://ann:secret@proxy:3128", "HTTPS_PROXY": "ann:secret@other",
      "NO_PROXY": "shop.test",
    ])
    let proxies = try ProxySetting.read(settings)
    #expect(proxies.http?.host == "proxy" && proxies.http?.port == 3128)
    #expect(proxies.https?.host == "other" && proxies.exceptions.count == 1)
    #expect(
      settings.read.map(\.text) == ["http://***@proxy:3128", "***@other", nil, "shop.test"])
    #expect(settings.read.map(\.name) == ["http_proxy", "https_proxy", "all_proxy", "no_proxy"])
  }

  @Test func nothingIsSetByItself() throws {
    #expect(try ProxySetting.read(Settings(environment: [:])) == HTTPProxies())
  }

  /// By the name under which it was set.
  @Test(arguments: ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
  func whatCannotBeUsedIsRefused(_ name: String) {
    #expect(throws: SettingError(name, "only proxies with http:// URLs can be used")) {
      try ProxySetting.read(Settings(environment: [name: "socks5://ann:secret@proxy"]))
    }
  }
}

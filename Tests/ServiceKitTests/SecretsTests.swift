import HTTPClient
import Testing

@testable import ServiceKit

@Suite struct SecretsTests {
  @Test(arguments: [
    ("http://ann:pw@host:1/p@q?r@s", "http://***@host:1/p@q?r@s"),
    ("http://a@b@host", "http://***@host"),
    ("http://host/a@b", "http://host/a@b"), ("a@b", "a@b"), ("", ""), ("http://", "http://"),
    ("'ftp://u:p@h' is no URL, 'http://v@i' neither",
     "'ftp://***@h' is no URL, 'http://***@i' neither"),
  ])
  func usersOfURLs(_ text: String, _ shown: String) {
    #expect(Secrets.hide(in: text) == shown)
    #expect(Secrets.hide(in: text, of: "INVENTORY_SERVICE_URL") == shown)
  }

  @Test(arguments: [
    ("api-key=abc", "api-key=***"), ("a=b=c,d=e", "a=***,d=***"), ("secret", "***"),
    ("a=", "a=***"),
  ])
  func headers(_ text: String, _ shown: String) {
    #expect(Secrets.hide(in: text, of: "OTEL_EXPORTER_OTLP_HEADERS") == shown)
  }

  @Test func areNotInErrors() {
    let url = HTTPURL(scheme: .http, host: "h", port: 1)
    #expect(throws: SettingError("U", "'http://***@h' is not a URL such as http://h:1")) {
      try Settings(environment: ["U": "http://ann:pw@h"]).value(.url("U", default: url, ""))
    }
  }

  @Test func areNotInReports() throws {
    let settings = Settings(environment: ["S": "http://ann:pw@h"])
    _ = try settings.value(.string("S", default: "", ""))
    #expect(settings.read.map(\.line) == ["S=http://***@h  (environment; )"])
  }
}

import HTTPClient
import ServiceKit
import Testing

@Suite struct SettingsTests {
  private enum Colour: String, CaseIterable { case red, green }

  private func value<Value>(
    _ setting: Setting<Value>, _ text: String?
  ) throws(SettingError) -> Value {
    try Settings(environment: text.map { [setting.name: $0] } ?? [:]).value(setting)
  }

  private static let integer = Setting.integer("N", default: 7, in: -2...9, "")
  private static let time = Setting.milliseconds("T", default: 1500, "")

  @Test func theDefaultHoldsForWhatIsUnsetOrEmpty() throws {
    for text in [nil, ""] {
      #expect(try value(Self.integer, text) == 7)
      #expect(try value(Self.time, text) == .milliseconds(1500))
      #expect(try value(.string("S", default: "s", ""), text) == "s")
      #expect(try value(.choice("C", default: Colour.green, ""), text) == .green)
      let url = HTTPURL(scheme: .http, host: "localhost", port: 8010)
      #expect(try value(.url("U", default: url, ""), text) == url)
    }
  }

  @Test(arguments: [("-2", -2), ("9", 9), ("0", 0), ("+3", 3), ("007", 7)])
  func wholeNumbers(_ text: String, _ number: Int) throws {
    #expect(try value(Self.integer, text) == number)
  }

  @Test(arguments: [
    "-3", "10", "1.0", "1e1", " 1", "1 ", "x", "0x1", "٣", "1_0", "99999999999999999999", "true",
  ])
  func otherNumbers(_ text: String) {
    #expect(throws: SettingError("N", "'\(text)' is not a whole number from -2 to 9")) {
      try value(Self.integer, text)
    }
  }

  @Test(arguments: [("1", 1), ("3600000", 3_600_000)])
  func times(_ text: String, _ milliseconds: Int) throws {
    #expect(try value(Self.time, text) == .milliseconds(milliseconds))
  }

  @Test(arguments: ["0", "3600001", "-1", "5s"])
  func otherTimes(_ text: String) {
    #expect(throws: SettingError("T", "'\(text)' is not a whole number from 1 to 3600000")) {
      try value(Self.time, text)
    }
  }

  @Test func choices() throws {
    for text in ["red", "RED", "Red"] {
      #expect(try value(.choice("C", default: Colour.green, ""), text) == .red)
    }
    for text in ["blue", " red", "re"] {
      #expect(throws: SettingError("C", "'\(text)' is not one of red, green")) {
        try value(.choice("C", default: Colour.green, ""), text)
      }
    }
  }

  @Test(arguments: [
    ("http://a", "http://a/"), ("HTTPS://A:1/b", "https://A:1/b"), ("http://[::1]", "http://[::1]/"),
  ])
  func urls(_ text: String, _ url: String) throws {
    let fallback = HTTPURL(scheme: .http, host: "localhost", port: 8010)
    #expect(try value(.url("U", default: fallback, ""), text).description == url)
  }

  @Test(arguments: ["a", "a:80", "ftp://a", "http://", "http://a:0", "http://a b"])
  func otherURLs(_ text: String) {
    let fallback = HTTPURL(scheme: .http, host: "localhost", port: 8010)
    #expect(throws: SettingError("U", "'\(text)' is not a URL such as http://localhost:8010")) {
      try value(.url("U", default: fallback, ""), text)
    }
  }

  @Test func aURLMayBeLeftOut() throws {
    let setting = Setting<HTTPURL?>.optionalURL("U", example: "http://a:1", "")
    #expect(try value(setting, nil) == nil)
    #expect(try value(setting, "") == nil)
    #expect(try value(setting, "http://b/c")?.description == "http://b/c")
    #expect(throws: SettingError("U", "'b' is not a URL such as http://a:1")) {
      try value(setting, "b")
    }
  }

  @Test func anErrorIsOneLine() {
    #expect(SettingError("N", "is wrong").description == "N: is wrong")
  }

  @Test func whatWasReadIsReported() throws {
    let settings = Settings(environment: ["N": "3", "S": "", "UNREAD": "1"])
    _ = try settings.value(Self.integer)
    _ = try settings.value(.string("S", default: "s", "a text"))
    _ = try settings.value(Self.integer)
    #expect(settings.read.map(\.name) == ["N", "S"])
    #expect(settings.read.map(\.text) == ["3", nil])
    #expect(settings.read.map(\.line) == ["N=3  (environment; )", "S=s  (default; a text)"])
    #expect(settings.read.map(\.markdownRow) == ["| `N` | `7` |  |", "| `S` | `s` | a text |"])
  }
}

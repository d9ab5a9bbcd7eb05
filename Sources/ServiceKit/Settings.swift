package import HTTPClient

/// Reads settings from environment variables. An empty variable counts as unset.
package struct Settings: Sendable {
  private let environment: [String: String]

  package init(environment: [String: String]) { self.environment = environment }

  package func string(_ name: String, default fallback: String) -> String {
    guard let value = environment[name], !value.isEmpty else { return fallback }
    return value
  }

  /// - Throws: `SettingError` when the value is no integer in `range`.
  package func integer(
    _ name: String, default fallback: Int, in range: ClosedRange<Int>
  ) throws(SettingError) -> Int {
    guard let text = environment[name], !text.isEmpty else { return fallback }
    guard let value = Int(text), range.contains(value) else {
      throw SettingError(
        name, "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// - Throws: `SettingError` when the value is no whole number of milliseconds in `range`.
  package func milliseconds(
    _ name: String, default fallback: Int, in range: ClosedRange<Int> = 1...3_600_000
  ) throws(SettingError) -> Duration {
    .milliseconds(try integer(name, default: fallback, in: range))
  }

  /// - Throws: `SettingError` when the value is none of `values`, whatever its case.
  package func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, default fallback: Choice
  ) throws(SettingError) -> Choice where Choice.RawValue == String {
    guard let text = environment[name], !text.isEmpty else { return fallback }
    guard let value = Choice(rawValue: text.lowercased()) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw SettingError(name, "'\(text)' is not one of \(known)")
    }
    return value
  }

  /// - Throws: `SettingError` when the value is no absolute http URL.
  package func url(
    _ name: String, default fallback: String
  ) throws(SettingError) -> HTTPURL {
    let text = string(name, default: fallback)
    guard let url = HTTPURL(text) else {
      throw SettingError(name, "'\(text)' is not a URL such as http://localhost:8010")
    }
    guard url.scheme == .http else {
      throw SettingError(name, "'\(text)' uses https, which this version cannot call")
    }
    return url
  }
}

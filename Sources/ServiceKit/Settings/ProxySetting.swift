package import HTTPClient

/// The proxies that a service's own requests go through: the variables that other programs read,
/// too.
package enum ProxySetting {
  /// - Throws: `SettingError` for the first that cannot be used.
  package static func read(_ settings: Settings) throws(SettingError) -> HTTPProxies {
    for (name, alias, meaning) in HTTPProxies.variables {
      _ = try settings.value(
        Setting(
          name, default: "", defaultText: "", complaint: "cannot be used", meaning: meaning,
          shown: withoutCredentials, parse: { $0 }), alias: alias)
    }
    do throws(HTTPProxyError) {
      return try HTTPProxies(environment: settings.environment)
    } catch {
      throw SettingError(error.variable, error.reason.description)
    }
  }

  /// A URL without what stands before the `@`.
  @Sendable private static func withoutCredentials(_ text: String) -> String {
    guard let end = text.lastIndex(of: "@") else { return text }
    let scheme = text.firstRange(of: "://").map { text[..<$0.upperBound] } ?? ""
    return "\(scheme)***\(text[end...])"
  }
}

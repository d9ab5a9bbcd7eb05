/// What a setting is, and what it was set to.
package struct SettingReport: Hashable, Sendable {
  package let name: String
  package let defaultText: String
  /// What the environment says; nil when the default holds.
  package let text: String?
  package let meaning: String

  /// A row of the documentation's table (name, default, meaning).
  package var markdownRow: String {
    "| `\(name)` | \(defaultText.isEmpty ? "" : "`\(defaultText)`") | \(meaning) |"
  }

  /// A line for people: the variable as it stands, without secrets, and where it comes from.
  package var line: String {
    let shown = Secrets.hide(in: text ?? defaultText, of: name)
    return "\(name)=\(shown)  (\(text == nil ? "default" : "environment"); \(meaning))"
  }
}

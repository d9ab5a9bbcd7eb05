extension EnvironmentVariable {
  /// A row of the documentation's tables.
  package var markdownRow: String {
    "| `\(name)` | \(defaultText.isEmpty ? "" : "`\(defaultText)`") | \(values) | \(meaning) |"
  }

  /// All variables as tables, a section for each topic.
  package static var markdown: String {
    sections.map { section in
      """
      ## \(section.title)

      | variable | default | values | meaning |
      |--|--|--|--|
      \(section.variables.map(\.markdownRow).joined(separator: "\n"))

      """
    }.joined(separator: "\n")
  }
}

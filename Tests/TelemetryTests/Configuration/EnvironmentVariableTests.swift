import Foundation
import Testing

@testable import Telemetry

@Suite("Variables")
struct EnvironmentVariableTests {
  private func applied(
    _ environment: [String: String]
  ) -> (TelemetryConfiguration, [ConfigurationWarning]) {
    var configuration = TelemetryConfiguration()
    let warnings = configuration.apply(environment: environment)
    return (configuration, warnings)
  }

  @Test("every variable is in the table of these tests, once")
  func complete() {
    let declared = EnvironmentVariable.all.map(\.name)
    #expect(Set(declared).count == declared.count)
    #expect(declared.sorted() == VariableRow.all.map(\.name).sorted())
  }

  @Test("unset and empty leave the default, without a word", arguments: VariableRow.all)
  func unset(row: VariableRow) {
    let standard = TelemetryConfiguration()
    #expect(row.read(standard) == row.standard)
    let (configuration, warnings) = applied([row.name: ""])
    #expect(configuration == standard && warnings == [])
    #expect(applied(["HOME": "/", "OTEL_UNKNOWN": "x"]).0 == standard)
  }

  @Test("what is valid is taken over, without a word", arguments: VariableRow.all)
  func valid(row: VariableRow) {
    #expect(!row.valid.isEmpty)
    for (text, expected) in row.valid {
      let (configuration, warnings) = applied(row.beside.merging([row.name: text]) { $1 })
      #expect(row.read(configuration) == expected, "\(row.name)=\(text)")
      #expect(warnings == [], "\(row.name)=\(text)")
    }
  }

  @Test("what is malformed leaves the default and one warning", arguments: VariableRow.all)
  func malformed(row: VariableRow) {
    let without = applied(row.beside).0
    for text in row.malformed {
      let (configuration, warnings) = applied(row.beside.merging([row.name: text]) { $1 })
      #expect(configuration == without, "\(row.name)=\(text)")
      #expect(warnings.map(\.variable) == [row.name], "\(row.name)=\(text)")
    }
  }

  @Test("the table's default is what holds; setting it changes nothing", arguments: VariableRow.all)
  func documentedDefault(row: VariableRow) throws {
    let variable = try #require(EnvironmentVariable.all.first { $0.name == row.name })
    let (configuration, warnings) = applied([row.name: variable.defaultText])
    #expect(configuration == TelemetryConfiguration() && warnings == [])
  }

  @Test("docs/telemetry-configuration.md shows these variables")
  func documentation() throws {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/telemetry-configuration.md")
    let text = try String(contentsOf: file, encoding: .utf8)
    let introduction = text.firstRange(of: "## ").map { text[..<$0.lowerBound] } ?? text[...]
    let expected = introduction + EnvironmentVariable.markdown
    if ProcessInfo.processInfo.environment["OSTACK_WRITE_DOCS"] == "1" {
      try expected.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text == expected)
    }
  }
}

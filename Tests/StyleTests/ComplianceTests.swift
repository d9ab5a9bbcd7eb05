import Foundation
import Testing

/// docs/compliance.md says what it can prove, and counts right.
@Suite struct ComplianceTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private struct Row {
    let feature: String
    let mark: String
    let proof: String

    /// What stands between backticks.
    var tests: [String] { proof.matches(of: /`([^`]+)`/).map { String($0.1) } }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  private static func rows() throws -> [Row] {
    try text("docs/compliance.md").split(separator: "\n").compactMap { line in
      guard line.hasPrefix("| "), !line.hasPrefix("| feature") else { return nil }
      // A bar in the name of a feature would be written with a backslash.
      let cells = line.dropFirst(2).dropLast(2).split(
        separator: " | ", omittingEmptySubsequences: false)
      guard cells.count == 3 else {
        Issue.record("no row of three cells: \(line)")
        return nil
      }
      return Row(feature: String(cells[0]), mark: String(cells[1]), proof: String(cells[2]))
    }
  }

  /// The names of all tests: `Suite.function`, and `file.py::function`.
  private static func tests() throws -> Set<String> {
    var names: Set<String> = []
    let enumerator = try #require(
      FileManager.default.enumerator(
        at: root.appendingPathComponent("Tests"), includingPropertiesForKeys: nil))
    for case let file as URL in enumerator {
      let name = file.lastPathComponent
      if name.hasSuffix("Tests.swift") {
        names.formUnion(swiftTests(try String(contentsOf: file, encoding: .utf8)))
      } else if name.hasPrefix("test_"), name.hasSuffix(".py") {
        let text = try String(contentsOf: file, encoding: .utf8)
        names.formUnion(text.matches(of: /\ndef (test_\w+)/).map { "\(name)::\($0.1)" })
      }
    }
    return names
  }

  /// A function counts that follows `@Test`, with the suite that is declared last before it.
  private static func swiftTests(_ text: String) -> [String] {
    var (suite, isTest, names) = ("", false, [String]())
    for line in text.split(separator: "\n") {
      if let match = line.firstMatch(of: /^(?:@Suite.*)?(?:final )?(?:struct|class) (\w+Tests)\b/) {
        suite = String(match.1)
      }
      if line.firstMatch(of: /^\s*@Test\b/) != nil { isTest = true }
      if isTest, let match = line.firstMatch(of: /\bfunc (\w+)\(/) {
        names.append("\(suite).\(match.1)")
        isTest = false
      }
    }
    return names
  }

  @Test func everyProofIsATestThatExists() throws {
    let tests = try Self.tests()
    #expect(tests.isSuperset(of: [
      "ComplianceTests.everyProofIsATestThatExists", "test_collector_interop.py::test_direct",
    ]))
    for row in try Self.rows() where row.mark == "+" {
      #expect(!row.tests.isEmpty, "\(row.feature) has no test")
      // Not `#expect`, which would show all tests that there are.
      for test in row.tests where !tests.contains(test) {
        Issue.record("\(row.feature) names \(test), which does not exist")
      }
    }
  }

  @Test func whatIsMissingHasAReason() throws {
    for row in try Self.rows() where row.mark != "+" {
      #expect(["-", "N/A"].contains(row.mark), "\(row.feature) has the mark \(row.mark)")
      #expect(row.proof.count >= 7, "\(row.feature) has no reason")
    }
  }

  @Test func theCountsAreThoseOfTheRows() throws {
    let rows = try Self.rows()
    let done = rows.count { $0.mark == "+" }
    let missing = rows.count { $0.mark == "-" }
    let sentence =
      "\(done) of \(rows.count) rows are `+`, \(missing) `-`, \(rows.count - done - missing) `N/A`."
    #expect(done >= 230)
    #expect(try Self.text("docs/compliance.md").contains(sentence), "not: \(sentence)")
  }
}

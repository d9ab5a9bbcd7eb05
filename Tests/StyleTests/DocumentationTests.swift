import Foundation
import Testing

/// What the specification wants documentation to say.
@Suite struct DocumentationTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The words of a file, whatever separates them.
  private static func words(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      .replacingOccurrences(of: "///", with: " ").split { $0.isWhitespace }.joined(separator: " ")
  }

  @Test func attributesAtCreation() throws {
    let sentence = "Giving them here is better than setting them later: the sampler sees these only."
    #expect(try Self.words("Sources/Telemetry/Traces/TelemetryTracer.swift").contains(sentence))
    #expect(
      try Self.words("Sources/Telemetry/README.md").contains(
        "Attributes that are known when a span starts belong into the call that starts it"))
  }

  @Test func exemplarAttributes() throws {
    #expect(
      try Self.words("Sources/Telemetry/Metrics/Views/MetricView.swift").contains(
        "Attributes that are left out may still be exported with exemplars"))
    #expect(
      try Self.words("Sources/Telemetry/README.md").contains(
        "Attributes that a view leaves out may still appear on exemplars"))
  }

  /// The example in the module's README is the source of the example that is built.
  @Test func theExampleIsTheOneThatIsBuilt() throws {
    let source = try String(
      contentsOf: Self.root.appendingPathComponent("Examples/Hello/Sources/Hello/Hello.swift"),
      encoding: .utf8)
    let readme = try String(
      contentsOf: Self.root.appendingPathComponent("Sources/Telemetry/README.md"), encoding: .utf8)
    #expect(source.split(separator: "\n").count >= 10)
    #expect(readme.contains("```swift\n\(source)```"))
  }
}

import OTLP
import Testing

@testable import Telemetry

@Suite("Resources merged")
struct ResourceMergeTests {
  private struct Detector: ResourceDetecting {
    let found: ResourceMessage

    func detect() -> ResourceMessage { found }
  }

  @Test("created from attributes, and empty")
  func creation() {
    let resource = ResourceMessage(
      attributes: [Attribute("a", 1), Attribute("b", "x")], schemaURL: "url")
    #expect(resource["a"] == 1 && resource["b"] == "x" && resource["c"] == nil)
    #expect(resource.attributes.map(\.key) == ["a", "b"] && resource.schemaURL == "url")
    #expect(ResourceMessage.empty.attributes.isEmpty && ResourceMessage.empty.schemaURL.isEmpty)
  }

  @Test("the updating one wins, also with an empty value; neither changes")
  func attributes() {
    let old = ResourceMessage(attributes: [Attribute("a", "old"), Attribute("b", "old")])
    let new = ResourceMessage(attributes: [Attribute("b", ""), Attribute("c", "new")])
    let merged = old.merging(new)
    #expect(
      merged.attributes == [Attribute("a", "old"), Attribute("b", ""), Attribute("c", "new")])
    #expect(old["b"] == "old" && new["a"] == nil)
    #expect(old.merging(.empty) == old && ResourceMessage.empty.merging(old) == old)
  }

  @Test(
    "schemas: the one there is, the one that both have, none of two different ones",
    arguments: [
      ("", "", "", false), ("u", "", "u", false), ("", "u", "u", false), ("u", "u", "u", false),
      ("u", "v", "", true),
    ])
  func schemas(old: String, new: String, merged: String, isConflict: Bool) {
    let (first, second) = (
      ResourceMessage(attributes: [], schemaURL: old),
      ResourceMessage(attributes: [], schemaURL: new)
    )
    #expect(first.merging(second).schemaURL == merged)
    #expect(first.isSchemaConflicting(with: second) == isConflict)
  }

  @Test("a program's detectors: in order, over the built-in ones, below what is configured")
  func detectors() throws {
    let first = ResourceMessage(
      attributes: [Attribute("a", 1), Attribute("b", 1), Attribute("service.name", "detected")])
    let second = ResourceMessage(attributes: [Attribute("b", 2), Attribute("os.type", "mine")])
    let own = try OwnTelemetry(
      { $0.resourceDetectors = [Detector(found: first), Detector(found: second)] },
      configuration: {
        $0.resourceDetectors = [.os]
        $0.resourceAttributes = ["a": "configured"]
      })
    let resource = own.telemetry.resource
    #expect(resource["a"] == "configured" && resource["b"] == 2 && resource["os.type"] == "mine")
    #expect(resource["service.name"] == "shop")
    #expect(resource.schemaURL == TelemetryConfiguration.schemaURL && own.lines.all.isEmpty)
  }

  @Test("a detector with another schema: its attributes count, the resource has no schema, a warning")
  func conflict() throws {
    let found = ResourceMessage(attributes: [Attribute("a", 1)], schemaURL: "https://other/1")
    let own = try OwnTelemetry({ $0.resourceDetectors = [Detector(found: found)] })
    #expect(own.telemetry.resource["a"] == 1 && own.telemetry.resource.schemaURL.isEmpty)
    #expect(own.lines.all.count == 1 && own.lines.all[0].contains("https://other/1"))
  }

  @Test("built-in detectors say which schema their attributes follow, unless they find nothing")
  func builtIn() throws {
    let here = ResourceDetection()
    for detector in TelemetryConfiguration.ResourceDetector.allCases {
      let found = here.resource(of: detector)
      #expect(found.attributes.isEmpty == found.schemaURL.isEmpty, "\(detector)")
      #expect(found.attributes.map(\.key) == here.attributes(of: detector).map(\.key))
    }
    #expect(here.resource(of: .process).schemaURL == TelemetryConfiguration.schemaURL)
    let nowhere = ResourceDetection(files: SystemFiles(root: "/nonexistent"))
    #expect(nowhere.resource(of: .container) == .empty)
  }
}

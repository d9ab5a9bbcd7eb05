import Foundation
import Testing

/// The rules of the house that a compiler does not check.
@Suite struct HouseRulesTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  private static func swiftFiles(below folder: String) throws -> [URL] {
    let base = root.appendingPathComponent(folder)
    let enumerator = try #require(
      FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil))
    return enumerator.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
  }

  private static func lines(of file: URL) throws -> [Substring] {
    try String(contentsOf: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
  }

  @Test func sourceFilesAreShort() throws {
    let files = try Self.swiftFiles(below: "Sources")
    #expect(files.count > 50)
    for file in files {
      let count = try Self.lines(of: file).count
      #expect(count <= 320, "\(file.lastPathComponent) has \(count) lines")
    }
  }

  @Test(arguments: ["try!", "fatalError(", "as! ", "Thread.sleep", "usleep("])
  func sourcesDoWithout(_ forbidden: String) throws {
    for file in try Self.swiftFiles(below: "Sources") {
      for (index, line) in try Self.lines(of: file).enumerated() where line.contains(forbidden) {
        Issue.record("\(file.lastPathComponent):\(index + 1) has \(forbidden)")
      }
    }
  }

  /// A file is named after what it declares, or after what it extends and the topic.
  @Test func filesAreNamedAfterTheirType() throws {
    let declaration =
      /^(package |public |final |private |fileprivate |@\w+ )*(struct|class|enum|protocol|actor|typealias|extension) ([\w.]+)/
    for file in try Self.swiftFiles(below: "Sources") {
      let name = file.deletingPathExtension().lastPathComponent
      let type = name.split(separator: "+").first.map(String.init) ?? name
      let declared = try Self.lines(of: file).flatMap { line in
        line.firstMatch(of: declaration).map { $0.3.split(separator: ".").map(String.init) } ?? []
      }
      #expect(declared.contains(type), "\(file.lastPathComponent) declares \(declared)")
    }
  }

  /// Layers that must stay free of Foundation, and of everything above them.
  @Test(arguments: [
    ("Bytes", [String]()), ("CLinux", []), ("Sockets", ["Bytes", "CLinux"]),
    ("TLS", ["Bytes", "COpenSSL", "Sockets"]), ("Gzip", ["Bytes", "CZlib"]),
    ("HTTP1", ["Bytes", "HTTPTypes"]), ("OTLP", ["Bytes"]), ("Validation", ["Bytes"]),
    ("APIDescription", ["Bytes", "HTTPTypes"]), ("DocumentationPages", []),
    ("HTTPServer", [
      "Bytes", "Gzip", "HTTP1", "HTTPTypes", "Instrumentation", "Logging", "Metrics",
      "ServiceContextModule", "Sockets", "TLS", "Tracing",
    ]),
    ("HTTPClient", [
      "Bytes", "HTTP1", "HTTPTypes", "Instrumentation", "Metrics", "ServiceContextModule",
      "Sockets", "TLS", "Tracing",
    ]),
    ("Telemetry", [
      "Bytes", "CLinux", "CoreMetrics", "Gzip", "HTTP1", "HTTPClient", "HTTPTypes",
      "Instrumentation", "Logging", "OTLP", "ServiceContextModule", "Sockets", "TLS", "Tracing",
    ]),
  ])
  func layersImportOnlyWhatIsBelowThem(_ target: String, _ allowed: [String]) throws {
    let system = ["Glibc", "Synchronization"]
    for file in try Self.swiftFiles(below: "Sources/\(target)") {
      for line in try Self.lines(of: file) {
        guard let match = line.firstMatch(of: /^\s*(?:package |public |@\w+ )*import (\w+)/) else {
          continue
        }
        let name = String(match.1)
        #expect(
          (allowed + system).contains(name), "\(file.lastPathComponent) of \(target) imports \(name)")
      }
    }
  }

  /// SwiftNIO, and what pulls it in, stays out of the product.
  @Test func theResolvedGraphHasNoNIO() throws {
    let resolved = Self.root.appendingPathComponent("Package.resolved")
    let text = try String(contentsOf: resolved, encoding: .utf8)
    #expect(text.contains("swift-log"))
    for name in ["swift-nio", "async-http-client", "hummingbird", "grpc-swift"] {
      #expect(!text.contains(name), "\(name) is in the dependency graph")
    }
  }
}

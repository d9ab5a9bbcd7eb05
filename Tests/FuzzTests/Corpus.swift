import Foundation

/// The committed inputs: one folder for each target, one file for each input.
enum Corpus {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Corpus")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// The inputs of a target by file name, always in the same order.
  static func inputs(of target: FuzzTarget) throws -> [(name: String, bytes: [UInt8])] {
    let own = folder.appendingPathComponent(target.name)
    return try FileManager.default.contentsOfDirectory(atPath: own.path).sorted().map { name in
      (name, Array(try Data(contentsOf: own.appendingPathComponent(name))))
    }
  }
}

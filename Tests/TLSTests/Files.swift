import Foundation

/// Whole files of the tests.
enum Files {
  static func read(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func copy(_ source: String, to target: String) throws {
    try Data(contentsOf: URL(fileURLWithPath: source)).write(
      to: URL(fileURLWithPath: target), options: .atomic)
  }
}

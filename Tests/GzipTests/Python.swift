import Foundation
import Testing

/// Python's own gzip module as an independent peer.
enum Python {
  /// Runs `script`, which finds the input in `data` and leaves its answer in `result`, both bytes.
  static func run(_ script: String, _ input: [UInt8]) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("gzip-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let source = folder.appendingPathComponent("in")
    let target = folder.appendingPathComponent("out")
    try Data(input).write(to: source)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let program = """
      import gzip, struct, sys, zlib
      data = open(sys.argv[1], 'rb').read()
      \(script)
      open(sys.argv[2], 'wb').write(result)
      """
    process.arguments = ["python3", "-c", program, source.path, target.path]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "the peer refused")
    return [UInt8](try Data(contentsOf: target))
  }
}

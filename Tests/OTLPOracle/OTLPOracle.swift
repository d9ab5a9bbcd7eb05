import Foundation

/// The official OpenTelemetry protobuf definitions, as published for Python, asked in a process of
/// their own. What they decode without a field left unknown is OTLP.
package enum OTLPOracle {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// The interpreter that has the definitions installed: `OSTACK_PYTHON`, default
  /// `.venv/bin/python` in the package's folder.
  package static var python: String {
    if let path = ProcessInfo.processInfo.environment["OSTACK_PYTHON"], !path.isEmpty {
      return path
    }
    return packageFolder.appendingPathComponent(".venv/bin/python").path
  }

  /// Decodes a message, which must not have a field that the definitions do not know.
  package static func decode(_ message: String, _ bytes: [UInt8]) throws -> JSONValue {
    JSONValue(try JSONSerialization.jsonObject(with: run(["decode", message], Data(bytes))))
  }

  /// Decodes a message in OTLP/JSON, as `decode` shows it.
  package static func decode(_ message: String, json: [UInt8]) throws -> JSONValue {
    JSONValue(try JSONSerialization.jsonObject(with: run(["decode-json", message], Data(json))))
  }

  /// A message that has every field and every choice that this project sends, in protobuf and in
  /// OTLP/JSON.
  package static func sample(_ message: String) throws -> (protobuf: [UInt8], json: JSONValue) {
    let answer = JSONValue(try JSONSerialization.jsonObject(with: run(["sample", message], Data())))
    guard let protobuf = Data(base64Encoded: answer["protobuf"].string ?? "") else {
      throw Failure(description: "no protobuf in \(answer)")
    }
    return (Array(protobuf), answer["json"])
  }

  /// Encodes a message that is given in the JSON form of protobuf.
  package static func encode(_ message: String, json: String) throws -> [UInt8] {
    Array(try run(["encode", message], Data(json.utf8)))
  }

  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let packageFolder = folder.deletingLastPathComponent().deletingLastPathComponent()

  private static func run(_ arguments: [String], _ input: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [folder.appendingPathComponent("otlp_oracle.py").path] + arguments
    // Files, not pipes: a pipe that both ends fill would wait for ever.
    let name = FileManager.default.temporaryDirectory
      .appendingPathComponent("otlp-oracle-\(UUID().uuidString)")
    let (inputFile, outputFile) = (name.appendingPathExtension("in"), name.appendingPathExtension("out"))
    try input.write(to: inputFile)
    try Data().write(to: outputFile)
    defer {
      try? FileManager.default.removeItem(at: inputFile)
      try? FileManager.default.removeItem(at: outputFile)
    }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    let errors = Pipe()
    process.standardError = errors
    do { try process.run() } catch {
      throw Failure(description: "cannot run \(python): \(error)")
    }
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: String(decoding: message, as: UTF8.self))
    }
    return try Data(contentsOf: outputFile)
  }
}

import Foundation
import Testing

/// Another program as the other end.
final class Peer: @unchecked Sendable {
  // Proof for `@unchecked Sendable`: one test drives it, and a reading thread only while awaited.
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()

  /// Starts a program of the search path in the folder of the certificates; its errors join its
  /// output.
  init(_ arguments: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: Certificates.folder)
    process.standardInput = input
    process.standardOutput = output
    process.standardError = output
    try process.run()
  }

  deinit { if process.isRunning { process.terminate() } }

  /// Starts Python with `script` behind its imports and `certs`, the folder of the certificates.
  static func python(_ script: String, _ arguments: String...) throws -> Peer {
    let preamble = """
      import socket, ssl, sys
      def listen():
          s = socket.create_server(('127.0.0.1', 0))
          print('port', s.getsockname()[1], flush=True)
          return s

      """
    return try Peer(["python3", "-c", preamble + script] + arguments)
  }

  func write(_ text: String) { input.fileHandleForWriting.write(Data(text.utf8)) }

  func endInput() { try? input.fileHandleForWriting.close() }

  /// The port that the output names first, behind its last colon or space.
  func port() async throws -> UInt16 {
    let text = await output { text in
      text.hasSuffix("\n") && (text.contains("port ") || text.contains("ACCEPT "))
    }
    let digits = text.split { ": \n".contains($0) }.last ?? ""
    return try #require(UInt16(digits), "no port in \(text)")
  }

  /// The output until `isEnough`, or to its end.
  func output(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
    await reading { handle in
      var text = ""
      while !isEnough(text) {
        let byte = handle.readData(ofLength: 1)
        if byte.isEmpty { break }
        text += String(decoding: byte, as: UTF8.self)
      }
      return text
    }
  }

  /// The rest of the output, when the program has ended.
  func end() async -> String {
    let text = await reading { String(decoding: $0.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return text
  }

  private func reading(
    _ body: @escaping @Sendable (FileHandle) -> String
  ) async -> String {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        continuation.resume(returning: body(output.fileHandleForReading))
      }
    }
  }
}

import Foundation

/// How a command ends.
enum Outcome {
  /// Runs `body`; an error ends the process with one line that says what is wrong.
  static func end(_ program: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      let code = error is SettingError ? ExitCode.configuration : 1
      FileHandle.standardError.write(Data("\(program): \(error)\n".utf8))
      exit(code)
    }
  }
}

extension Settings {
  static func ofProcess() -> Settings {
    Settings(environment: ProcessInfo.processInfo.environment)
  }
}

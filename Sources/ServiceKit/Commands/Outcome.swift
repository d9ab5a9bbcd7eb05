import Foundation

/// How a command ends.
enum Outcome {
  /// Runs `body`; an error ends the process with one line that says what is wrong.
  static func end(_ program: String, _ body: () async throws -> Void) async {
    do {
      try await body()
    } catch {
      let code = error is SettingError ? ExitCode.configuration : 1
      warn(program, ["\(error)"])
      exit(code)
    }
  }

  /// Writes lines for people, on standard error.
  static func warn(_ program: String, _ lines: [String]) {
    for line in lines { FileHandle.standardError.write(Data("\(program): \(line)\n".utf8)) }
  }
}

extension Settings {
  static func ofProcess() -> Settings {
    Settings(environment: ProcessInfo.processInfo.environment)
  }
}

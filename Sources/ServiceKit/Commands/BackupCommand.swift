import ArgumentParser

/// Copies the service's database to a file, while it serves or not.
struct BackupCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "backup",
      abstract: "Copy the database to a file; the service may be running.",
      discussion: """
        The copy is what was stored at one moment. Its integrity is checked, and it is on the disk \
        before it appears under its name. Exit code 0 says so; otherwise there is no copy, and one \
        line says why.
        """)
  }

  @Option(help: ArgumentHelp("The copy's path.", valueName: "file"))
  var to: String

  @Flag(help: "Replace the file when it exists.")
  var overwrite = false

  func validate() throws {
    guard !to.isEmpty, !to.hasSuffix("/") else {
      throw ValidationError("--to is the path of a file")
    }
  }

  func run() async throws {
    await Outcome.end(Program.name) {
      let configuration = try Program.configure(Settings.ofProcess())
      let bytes = try Program.backUp(configuration, to: to, isReplacing: overwrite)
      print("\(to): \(bytes) bytes, integrity checked")
    }
  }
}

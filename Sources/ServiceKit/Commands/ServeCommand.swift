import ArgumentParser

/// Serves until the process is told to stop.
struct ServeCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "serve", abstract: "Serve until SIGTERM or SIGINT, then drain (default).")
  }

  func run() async throws {
    await Outcome.end(Program.name) {
      try await Program.serve(Program.configure(Settings.ofProcess()))
    }
  }
}

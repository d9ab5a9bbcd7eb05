import ArgumentParser

/// Serves until the process is told to stop.
struct ServeCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "serve", abstract: "Serve until SIGTERM or SIGINT, then drain (default).")
  }

  func run() async throws {
    await Outcome.end(Program.name) {
      let settings = Settings.ofProcess()
      let configuration = try Program.configure(settings)
      Outcome.warn(Program.name, settings.nearMisses)
      try await Program.serve(configuration)
    }
  }
}

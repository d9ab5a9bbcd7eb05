import ArgumentParser

/// Shows every setting.
struct ConfigCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "config",
      abstract: "Show every setting, its value, and where the value comes from.")
  }

  @Flag(help: "As a Markdown table of names, defaults and meanings.")
  var markdown = false

  func run() async throws {
    await Outcome.end(Program.name) {
      let settings = Settings.ofProcess()
      _ = try Program.configure(settings)
      for report in settings.read { print(markdown ? report.markdownRow : report.line) }
    }
  }
}

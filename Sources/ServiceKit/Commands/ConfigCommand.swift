import ArgumentParser
import Foundation
import Telemetry

/// Shows every setting.
struct ConfigCommand<Program: ServiceProgram>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "config",
      abstract: "Show every setting, its value, and where the value comes from.",
      discussion: "What may be a secret is shown as \(Secrets.mask).")
  }

  @Flag(help: "As a Markdown table of names, defaults and meanings.")
  var markdown = false

  func run() async throws {
    await Outcome.end(Program.name) {
      let settings = Settings.ofProcess()
      _ = try Program.configure(settings)
      if markdown {
        for report in settings.read { print(report.markdownRow) }
        return
      }
      Outcome.warn(Program.name, settings.nearMisses)
      let reports = settings.read + EnvironmentVariable.all.map(settings.report)
      for report in reports { print(report.line) }
    }
  }
}

package import ArgumentParser
import Telemetry

/// A service's command line.
package struct ServiceCommand<Program: ServiceProgram>: AsyncParsableCommand {
  package static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Program.name,
      abstract: Program.abstract,
      discussion: """
        Every setting is an environment variable: '\(Program.name) config' shows them all.
        Exit codes: 0 it ended well, 64 the command line cannot be used, 78 a setting cannot be \
        used, 1 anything else.
        """,
      version: TelemetryVersion.current,
      subcommands: [
        ServeCommand<Program>.self,
        ConfigCommand<Program>.self,
        HealthcheckCommand<Program>.self,
        BackupCommand<Program>.self,
        OpenAPICommand<Program>.self,
      ],
      defaultSubcommand: ServeCommand<Program>.self)
  }

  package init() {}
}

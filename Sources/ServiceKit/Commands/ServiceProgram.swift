package import APIDescription
import ArgumentParser
import Foundation

/// A service as a program: what its command line needs to know of it.
package protocol ServiceProgram: Sendable {
  associatedtype Configuration: Sendable

  /// For example `order-service`.
  static var name: String { get }
  /// What it does, in one sentence.
  static var abstract: String { get }

  /// The interface that it serves.
  static var api: APIDescription { get }

  /// Reads every setting.
  /// - Throws: `SettingError` for the first that cannot be used.
  static func configure(_ settings: Settings) throws(SettingError) -> Configuration

  /// What all services share of the configuration.
  static func shared(_ configuration: Configuration) -> ServiceConfiguration

  /// Serves until the process is told to stop.
  /// - Throws: `SettingError` when a setting cannot be used after all.
  static func serve(_ configuration: Configuration) async throws

  /// Copies the service's database, which may be in use, to a file.
  /// - Parameter isReplacing: Whether a file that is there already may be replaced.
  /// - Returns: The copy's bytes.
  /// - Throws: An error whose description says why there is no copy.
  static func backUp(
    _ configuration: Configuration, to path: String, isReplacing: Bool
  ) throws -> Int64
}

extension ServiceProgram {
  /// Runs what the command line says.
  package static func start() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if let complaint = unknownCommand(arguments) {
      Outcome.warn(name, [complaint])
      exit(ExitCode.usage)
    }
    await ServiceCommand<Self>.main(arguments)
  }

  /// What is wrong with a command that does not exist. The parser would take it for an argument of
  /// the default command, and say no more than that it has none.
  static func unknownCommand(_ arguments: [String]) -> String? {
    let known = ServiceCommand<Self>.configuration.subcommands.compactMap {
      $0.configuration.commandName
    }
    guard let word = arguments.first, !word.hasPrefix("-"), !(known + ["help"]).contains(word)
    else { return nil }
    let guess = NearMiss.nearest(to: word, among: known).map { "; did you mean '\($0)'?" } ?? ""
    return "unknown command '\(word)'\(guess) ('\(name) --help' shows all)"
  }
}

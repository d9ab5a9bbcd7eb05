import ArgumentParser

/// A service as a program: what its command line needs to know of it.
package protocol ServiceProgram: Sendable {
  associatedtype Configuration: Sendable

  /// For example `order-service`.
  static var name: String { get }
  /// What it does, in one sentence.
  static var abstract: String { get }

  /// Reads every setting.
  /// - Throws: `SettingError` for the first that cannot be used.
  static func configure(_ settings: Settings) throws(SettingError) -> Configuration

  /// What all services share of the configuration.
  static func shared(_ configuration: Configuration) -> ServiceConfiguration

  /// Serves until the process is told to stop.
  /// - Throws: `SettingError` when a setting cannot be used after all.
  static func serve(_ configuration: Configuration) async throws
}

extension ServiceProgram {
  /// Runs what the command line says.
  package static func start() async { await ServiceCommand<Self>.main() }
}

/// The exit codes of the services (sysexits.h).
package enum ExitCode {
  /// The command line cannot be used (EX_USAGE).
  package static let usage: Int32 = 64
  /// A setting cannot be used (EX_CONFIG).
  package static let configuration: Int32 = 78
}

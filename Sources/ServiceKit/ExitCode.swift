/// The exit codes of the services (sysexits.h).
package enum ExitCode {
  /// A setting cannot be used (EX_CONFIG).
  package static let configuration: Int32 = 78
}

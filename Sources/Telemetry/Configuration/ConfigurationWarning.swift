/// A variable whose value was not used.
package struct ConfigurationWarning: Sendable, Equatable, CustomStringConvertible {
  package let variable: String
  /// What is wrong, and what is used instead.
  package let problem: String

  package var description: String { "\(variable): \(problem)" }
}

/// A variable whose value was not used.
public struct ConfigurationWarning: Sendable, Equatable, CustomStringConvertible {
  public let variable: String
  /// What is wrong, and what is used instead.
  public let problem: String

  public var description: String { "\(variable): \(problem)" }
}

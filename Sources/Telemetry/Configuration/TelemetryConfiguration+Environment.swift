extension TelemetryConfiguration {
  /// Takes over what the environment says, by the variables of ``EnvironmentVariable``.
  /// - Returns: What could not be used.
  package mutating func apply(environment: [String: String]) -> [ConfigurationWarning] {
    var reader = EnvironmentReader(environment)
    for variable in EnvironmentVariable.all { variable.read(&reader, &self) }
    return reader.warnings
  }
}

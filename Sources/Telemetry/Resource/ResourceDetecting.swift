public import OTLP

/// Finds out something about the process and its surroundings that the built-in detectors do not
/// know (OpenTelemetry specification, "Detecting resource information from the environment").
public protocol ResourceDetecting: Sendable {
  /// Called once, when the telemetry is made. What cannot be found out is left out; that is no error.
  /// - Returns: Attributes, with the schema that defines their names.
  func detect() -> ResourceMessage
}

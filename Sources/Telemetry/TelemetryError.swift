/// Why the telemetry could not be started.
public enum TelemetryError: Error, Sendable {
  /// The system gave no thread or descriptor.
  case system(String)
  /// The APIs have their backend already.
  case alreadyInstalled
}

extension TelemetryError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .system(let error): "telemetry cannot start: \(error)"
    case .alreadyInstalled: "telemetry is installed already; a process has it once"
    }
  }
}

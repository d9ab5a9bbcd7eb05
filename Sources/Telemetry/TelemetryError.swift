package import Sockets

/// Why the telemetry could not be started.
package enum TelemetryError: Error, Sendable {
  /// The system gave no thread or descriptor.
  case system(SystemError)
}

extension TelemetryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .system(let error): "telemetry cannot start: \(error)"
    }
  }
}

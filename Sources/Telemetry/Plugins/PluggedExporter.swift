/// An exporter of the program, and how records get to it.
public struct PluggedExporter<Exporter: Sendable>: Sendable {
  let exporter: Exporter
  /// nil is what is configured for the signal.
  let batching: TelemetryConfiguration.Batching?

  /// Every record by itself and at once (OpenTelemetry specification, "Simple processor"); who makes
  /// a record does not wait for it.
  public static func simple(_ exporter: Exporter) -> PluggedExporter {
    PluggedExporter(exporter: exporter, batching: .simple)
  }

  /// Records in batches (OpenTelemetry specification, "Batching processor").
  /// - Parameter batching: nil is what is configured for the signal.
  public static func batch(
    _ exporter: Exporter, _ batching: TelemetryConfiguration.Batching? = nil
  ) -> PluggedExporter {
    PluggedExporter(exporter: exporter, batching: batching)
  }
}

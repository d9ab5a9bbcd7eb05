/// The version of the module, as `telemetry.sdk.version` and in the user agent.
public enum TelemetryVersion {
  public static let current = "0.1.0"
}

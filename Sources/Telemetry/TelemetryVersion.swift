/// The version of the module, as `telemetry.sdk.version` and in the user agent.
package enum TelemetryVersion {
  package static let current = "0.1.0"
}

/// What metrics take from the world around them.
package struct MetricEnvironment: Sendable {
  package var unixNanoseconds: @Sendable () -> UInt64 = WallClock.unixNanoseconds
  /// Seeds of the choice of exemplars.
  package var seed: @Sendable () -> UInt64 = { .random(in: .min ... .max) }
  package var exemplarFilter = TelemetryConfiguration.ExemplarFilter.traceBased
  package var log = DiagnosticLog()

  package init() {}
}

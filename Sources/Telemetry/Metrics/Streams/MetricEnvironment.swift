/// What metrics take from the world around them.
public struct MetricEnvironment: Sendable {
  public var unixNanoseconds: @Sendable () -> UInt64 = WallClock.unixNanoseconds
  /// Seeds of the choice of exemplars.
  public var seed: @Sendable () -> UInt64 = { .random(in: .min ... .max) }
  public var exemplarFilter = TelemetryConfiguration.ExemplarFilter.traceBased
  public var log = DiagnosticLog()

  public init() {}
}

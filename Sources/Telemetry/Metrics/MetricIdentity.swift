/// What tells one metric from another, and how it is kept.
struct MetricIdentity: Hashable, Sendable {
  /// How measurements become points (OpenTelemetry specification, "Aggregation").
  enum Kind: Hashable, Sendable {
    /// Only ever goes up.
    case counter
    /// Goes up and down; what counts is the sum.
    case upDownCounter
    /// What counts is the last value.
    case gauge
    case histogram
  }

  let name: String
  let unit: String
  let kind: Kind
}

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

  /// The units that swift-metrics cannot express, for the metrics of the semantic conventions.
  static func unit(of name: String) -> String {
    switch name {
    case "http.server.active_requests": "{request}"
    case "orders.placed", "orders.rejected": "{order}"
    case "inventory.stock": "{item}"
    default: ""
    }
  }
}

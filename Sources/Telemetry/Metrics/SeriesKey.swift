/// The attributes of one series, in order of their names.
struct SeriesKey: Hashable, Sendable {
  let attributes: [[String]]

  init(_ dimensions: [(String, String)]) {
    attributes = dimensions.map { [$0.0, $0.1] }.sorted { $0[0] < $1[0] }
  }

  /// Where measurements go that would be one series too many (specification, "Cardinality limits").
  static let overflow = SeriesKey([("otel.metric.overflow", "true")])
}

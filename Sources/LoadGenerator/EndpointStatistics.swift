/// What became of the requests to one endpoint.
package struct EndpointStatistics: Hashable, Sendable {
  /// Answered as it should be.
  package var ok: UInt64 = 0
  /// An order of a product that was sold out: an answer, but not a sale.
  package var refused: UInt64 = 0
  /// Not answered, or with anything else.
  package var failed: UInt64 = 0
  /// How often each status, or reason for there being none, came.
  package var answers: [String: UInt64] = [:]
  /// From when a request was to be sent to its end: what a user would have waited.
  package var response = LatencyHistogram()
  /// From when it was sent to its end: what the server took.
  package var service = LatencyHistogram()

  package init() {}

  package var sent: UInt64 { ok + refused + failed }

  mutating func add(_ other: EndpointStatistics) {
    ok += other.ok
    refused += other.refused
    failed += other.failed
    answers.merge(other.answers) { $0 + $1 }
    response.add(other.response)
    service.add(other.service)
  }
}

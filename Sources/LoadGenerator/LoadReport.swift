import Bytes

/// What came of a load.
package struct LoadReport: Sendable {
  package let plan: LoadPlan
  /// From the first moment to the last answer, in nanoseconds.
  package let elapsed: UInt64
  package let endpoints: [LoadEndpoint: EndpointStatistics]
  /// Requests that were due and could not be sent before the end.
  package let unsent: UInt64
  package let restocks: Int
  /// Whether somebody stopped it before its time.
  package let wasStopped: Bool

  package var total: EndpointStatistics {
    endpoints.values.reduce(into: EndpointStatistics()) { $0.add($1) }
  }

  /// Whether everything was sent, and few enough failed.
  package var isGood: Bool {
    let total = total
    return total.sent > 0 && unsent == 0
      && Double(total.failed) <= Double(total.sent) * plan.failuresMax
  }

  private static let quantiles: [(name: String, part: Double)] = [
    ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999),
  ]

  private var rows: [(String, EndpointStatistics)] {
    LoadEndpoint.allCases.compactMap { endpoint in
      endpoints[endpoint].map { (endpoint.rawValue, $0) }
    } + [("all", total)]
  }

  /// A table, and what is to be said beside it.
  package var text: String {
    var lines = [
      Column.left("endpoint", 14)
        + ["sent", "ok", "refused", "failed"].map { Column.right($0, 9) }.joined()
        + (Self.quantiles.map { "\($0.name) ms" } + ["max ms", "server p99"])
        .map { Column.right($0, 12) }.joined()
    ]
    for (name, statistics) in rows {
      let counts = [statistics.sent, statistics.ok, statistics.refused, statistics.failed]
      let times = Self.quantiles.map { statistics.response.quantile($0.part) } + [
        statistics.response.maximum, statistics.service.quantile(0.99),
      ]
      lines.append(
        Column.left(name, 14) + counts.map { Column.right("\($0)", 9) }.joined()
          + times.map { Column.right(Column.milliseconds($0), 12) }.joined())
    }
    let total = total
    let answers = total.answers.sorted { $0.key < $1.key }.map { "\($0.key) ×\($0.value)" }
    let rate = elapsed == 0 ? 0 : Double(total.sent) * 1e9 / Double(elapsed)
    lines.append("answers: \(answers.joined(separator: ", "))")
    lines.append(
      "asked for \(plan.rate)/s (\(plan.arrivals.rawValue), seed \(plan.seed)), "
        + "sent \((rate * 10).rounded() / 10)/s; \(unsent) not sent; \(restocks) restocks")
    return lines.joined(separator: "\n")
  }

  /// The same as one JSON document (RFC 8259). Durations are in milliseconds.
  package var json: [UInt8] {
    var queue = ByteQueue(capacity: 4096)
    queue.append("{\"rate\":" as StaticString)
    queue.append(json: plan.rate)
    queue.append(",\"arrivals\":" as StaticString)
    queue.append(json: plan.arrivals.rawValue)
    queue.append(",\"seed\":" as StaticString)
    queue.append(decimal: plan.seed)
    queue.append(",\"connections\":" as StaticString)
    queue.append(decimal: plan.connections)
    queue.append(",\"elapsed_s\":" as StaticString)
    queue.append(json: Double(elapsed) / 1e9)
    queue.append(",\"unsent\":" as StaticString)
    queue.append(decimal: unsent)
    queue.append(",\"restocks\":" as StaticString)
    queue.append(decimal: restocks)
    queue.append(",\"stopped\":" as StaticString)
    queue.append(json: wasStopped)
    queue.append(",\"endpoints\":{" as StaticString)
    for (index, row) in rows.enumerated() {
      if index > 0 { queue.append(UInt8(ascii: ",")) }
      queue.append(json: row.0)
      queue.append(UInt8(ascii: ":"))
      Self.append(row.1, to: &queue)
    }
    queue.append("}}\n" as StaticString)
    return queue.array()
  }

  private static func append(_ statistics: EndpointStatistics, to queue: inout ByteQueue) {
    queue.append("{\"sent\":" as StaticString)
    queue.append(decimal: statistics.sent)
    queue.append(",\"ok\":" as StaticString)
    queue.append(decimal: statistics.ok)
    queue.append(",\"refused\":" as StaticString)
    queue.append(decimal: statistics.refused)
    queue.append(",\"failed\":" as StaticString)
    queue.append(decimal: statistics.failed)
    queue.append(",\"answers\":{" as StaticString)
    for (index, answer) in statistics.answers.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { queue.append(UInt8(ascii: ",")) }
      queue.append(json: answer.key)
      queue.append(UInt8(ascii: ":"))
      queue.append(decimal: answer.value)
    }
    queue.append("},\"response_ms\":" as StaticString)
    append(statistics.response, to: &queue)
    queue.append(",\"service_ms\":" as StaticString)
    append(statistics.service, to: &queue)
    queue.append(UInt8(ascii: "}"))
  }

  private static func append(_ histogram: LatencyHistogram, to queue: inout ByteQueue) {
    queue.append("{\"mean\":" as StaticString)
    queue.append(json: (histogram.mean / 1000))
    for (name, part) in quantiles {
      queue.append(UInt8(ascii: ","))
      queue.append(json: name)
      queue.append(UInt8(ascii: ":"))
      queue.append(json: Double(histogram.quantile(part)) / 1000)
    }
    queue.append(",\"max\":" as StaticString)
    queue.append(json: Double(histogram.maximum) / 1000)
    queue.append(UInt8(ascii: "}"))
  }
}

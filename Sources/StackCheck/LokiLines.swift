import OTLP

/// Log lines as Loki's `/loki/api/v1/query_range` gives them.
struct LokiLines {
  /// How many lines there are of each service.
  let counts: [String: Int]

  /// - Throws: When `document` is no list of streams, or has a line of another trace.
  init(_ document: JSONNode, traceID: String) throws(Obstacle) {
    guard document["status"].string == "success",
      document["data"]["resultType"].string == "streams",
      let streams = document["data"]["result"].elements
    else { throw Obstacle("an answer that is no list of log lines") }
    var counts: [String: Int] = [:]
    for stream in streams {
      let labels = stream["stream"]
      guard labels["trace_id"].string == traceID else {
        throw Obstacle("a line that does not have the trace's id")
      }
      let lines = (stream["values"].elements ?? []).filter { value in
        value.elements?.count ?? 0 >= 2 && value.elements?[1].string?.isEmpty == false
      }
      counts[labels["service_name"].string ?? "", default: 0] += lines.count
    }
    self.counts = counts
  }

  var finding: Finding {
    let services = [StackNames.orderService, StackNames.inventoryService]
    let without = services.filter { counts[$0, default: 0] == 0 }
    let total = counts.values.reduce(0, +)
    guard without.isEmpty else {
      return .missing("\(total) lines, none of \(without.joined(separator: " or "))")
    }
    return .found("\(total) lines of both services")
  }
}

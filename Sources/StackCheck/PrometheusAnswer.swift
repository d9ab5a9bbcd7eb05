import OTLP

/// What Prometheus' query API answers (its documentation, "HTTP API").
enum PrometheusAnswer {
  /// The `data` of an answer.
  /// - Throws: What Prometheus says is wrong.
  static func data(_ document: JSONNode) throws(Obstacle) -> JSONNode {
    guard document["status"].string == "success" else {
      throw Obstacle(
        "Prometheus refused: \(String(oneLine: document["error"].string ?? "no reason"))")
    }
    return document["data"]
  }

  /// How much a counter has grown since an order, told by the times of its samples: the last one
  /// before the order's request against the last one after its answer. A series that begins after
  /// the order begins at zero.
  /// - Parameter data: The answer to a query for a range of samples.
  static func growth(_ data: JSONNode, since order: PlacedOrder) throws(Obstacle) -> Finding {
    guard data["resultType"].string == "matrix", let series = data["result"].elements else {
      throw Obstacle("an answer that is no range of samples")
    }
    guard !series.isEmpty else { return .missing("no such series") }
    var isStale = true
    var growth = 0.0
    for samples in series.map({ $0["values"].elements ?? [] }) {
      var before = 0.0
      var after: Double?
      for pair in samples {
        guard let sample = pair.elements, sample.count == 2, let time = sample[0].double,
          let value = sample[1].double
        else { throw Obstacle("a sample that is no time and value") }
        let nanoseconds = time * 1e9
        if nanoseconds < Double(order.startedAt) { before = value }
        if nanoseconds > Double(order.endedAt) { after = value }
      }
      guard let after else { continue }
      isStale = false
      growth += after - before
    }
    if isStale { return .missing("no sample since the order") }
    guard growth >= 1 else { return .missing("not counted since the order") }
    return .found("+\(Int(min(growth, 1e15)))")
  }

  /// Whether an exemplar leads to the order's trace.
  /// - Parameter data: The answer to a query for exemplars.
  static func exemplar(_ data: JSONNode, traceID: String) throws(Obstacle) -> Finding {
    guard let series = data.elements else {
      throw Obstacle("an answer that is no list of exemplars")
    }
    let exemplars = series.flatMap { $0["exemplars"].elements ?? [] }
    guard !exemplars.isEmpty else { return .missing("no exemplars") }
    let own = exemplars.filter { $0["labels"]["trace_id"].string == traceID }
    guard !own.isEmpty else {
      return .missing("\(exemplars.count) exemplars, all of other traces")
    }
    return .found("\(own.count) of \(exemplars.count) exemplars")
  }

  /// Whether the alerts are loaded and can be evaluated.
  static func rules(_ data: JSONNode) throws(Obstacle) -> Finding {
    guard let groups = data["groups"].elements else { throw Obstacle("an answer without groups") }
    let rules = groups.flatMap { $0["rules"].elements ?? [] }
    if let broken = rules.first(where: { $0["health"].string == "err" }) {
      return .missing(
        "\(String(oneLine: broken["name"].string ?? "a rule")): "
          + String(oneLine: broken["lastError"].string ?? "cannot be evaluated"))
    }
    return .all(of: StackNames.alerts, in: rules.compactMap { $0["name"].string }, "alerts")
  }

  /// Whether everything is scraped.
  static func targets(_ data: JSONNode) throws(Obstacle) -> Finding {
    guard let targets = data["activeTargets"].elements else {
      throw Obstacle("an answer without targets")
    }
    if let down = targets.first(where: { $0["health"].string != "up" }) {
      return .missing(
        "\(String(oneLine: down["labels"]["job"].string ?? "a target")) is "
          + "\(String(oneLine: down["health"].string ?? "unknown")): "
          + String(oneLine: down["lastError"].string ?? ""))
    }
    return .all(
      of: StackNames.scrapeJobs, in: targets.compactMap { $0["labels"]["job"].string }, "jobs")
  }
}

import OTLP

/// A trace as Jaeger's `/api/traces/{id}` gives it.
struct JaegerTrace {
  struct Span: Hashable {
    let id: String
    /// The span that it names as its parent.
    let parent: String?
    let service: String
    let operation: String
    /// Whether it is a statement of a database.
    let isDatabase: Bool
  }

  let spans: [Span]

  /// - Throws: When there is no such trace in `document`, or a part of it is of another.
  init(_ document: JSONNode, traceID: String) throws(Obstacle) {
    guard let traces = document["data"].elements else { throw Obstacle("an answer without data") }
    guard let trace = traces.first else { throw Obstacle("no trace \(traceID)") }
    let found = trace["traceID"].string ?? "none"
    guard traces.count == 1, found == traceID else {
      throw Obstacle("another trace: \(String(oneLine: found))")
    }
    var spans: [Span] = []
    for span in trace["spans"].elements ?? [] {
      guard let id = span["spanID"].string, span["traceID"].string == traceID else {
        throw Obstacle("a span that is of another trace")
      }
      let parent = span["references"].elements?.first { $0["refType"].string == "CHILD_OF" }
      spans.append(
        Span(
          id: id, parent: parent?["spanID"].string,
          service: trace["processes"][span["processID"].string ?? ""]["serviceName"].string ?? "",
          operation: span["operationName"].string ?? "",
          isDatabase: (span["tags"].elements ?? []).contains {
            $0["key"].string == "db.system.name"
          }))
    }
    self.spans = spans
  }

  /// Whether the spans of one order are all there and hang together: from the request that named
  /// `root` as its parent to the inventory's part, each with its database, and none without the
  /// span that began it.
  func finding(root: String) -> Finding {
    let services = [StackNames.orderService, StackNames.inventoryService]
    let without = services.filter { service in !spans.contains { $0.service == service } }
    guard without.isEmpty else {
      return .missing("\(spans.count) spans, none of \(without.joined(separator: " or "))")
    }
    let known = Dictionary(spans.map { ($0.id, $0) }) { first, _ in first }
    guard let orphan = spans.first(where: { $0.parent != root && known[$0.parent ?? ""] == nil })
    else { return chain(root, services, known) }
    return .missing("the span that began '\(String(oneLine: orphan.operation))' is not there")
  }

  private func chain(
    _ root: String, _ services: [String], _ known: [String: Span]
  ) -> Finding {
    guard let request = spans.first(where: {
      $0.parent == root && $0.service == services[0] && $0.operation == "POST /order-product"
    }) else { return .missing("no span 'POST /order-product' under the request's own") }
    guard let reservation = spans.first(where: {
      $0.service == services[1] && $0.operation == "POST /reduce-stock"
    }) else { return .missing("no span 'POST /reduce-stock' of \(services[1])") }
    var above: Span? = reservation
    var steps = 0
    while let span = above, span.id != request.id, steps < spans.count {
      above = known[span.parent ?? ""]
      steps += 1
    }
    guard above?.id == request.id else {
      return .missing("'POST /reduce-stock' does not hang below 'POST /order-product'")
    }
    for service in services where !spans.contains(where: { $0.service == service && $0.isDatabase })
    {
      return .missing("no database span of \(service)")
    }
    return .found("\(spans.count) spans of both services, all joined")
  }
}

import HTTPClient
import HTTPTypes
import OTLP

extension Hop {
  /// Nanoseconds around the order in which its lines are looked for.
  private static let marginNanoseconds: UInt64 = 300_000_000_000

  /// The order's log lines.
  static func logs(in loki: HTTPURL) -> Hop {
    let services = "\(StackNames.orderService)|\(StackNames.inventoryService)"
    let query = "{service_name=~\"\(services)\"} | trace_id=\"{trace id}\""
    return Hop(
      name: "logs", asks: "GET \(loki.appending("/loki/api/v1/query_range")) \(query)",
      looksFor: "lines of both services with the trace's id",
      whereToLook: "docker compose logs otel-collector loki; Grafana: Telemetry pipeline",
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        let id = order.traceID.description
        let url = loki.appending(
          "/loki/api/v1/query_range",
          query: [
            ("query", query.replacing("{trace id}", with: id)), ("limit", "100"),
            ("start", "\(order.startedAt - marginNanoseconds)"),
            ("end", "\(order.endedAt + marginNanoseconds)"),
          ])
        let document = try await client.json(ClientRequest(.get, url), deadline: deadline)
        return try LokiLines(document, traceID: id).finding
      })
  }
}

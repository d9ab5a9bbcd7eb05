import HTTPClient
import HTTPTypes
import OTLP
import Sockets

extension Hop {
  private static let pipeline =
    "docker compose logs otel-collector prometheus; Grafana: Telemetry pipeline"
  /// How far back samples are asked for; longer than a check takes.
  private static let range = "15m"

  /// Counters of the services, which must have grown.
  static func metrics(in prometheus: HTTPURL) -> Hop {
    counters(
      "metrics", in: prometheus,
      [
        #"orders_placed_total{service_name="order-service"}"#,
        #"http_server_request_duration_seconds_count"#
          + #"{service_name="inventory-service",http_route="/reduce-stock"}"#,
      ])
  }

  /// What the collector counts by itself from the spans that pass.
  static func spanMetrics(in prometheus: HTTPURL) -> Hop {
    counters(
      "span metrics", in: prometheus,
      [
        #"traces_span_metrics_calls_total"#
          + #"{service_name="order-service",span_name="POST /order-product"}"#,
        #"traces_service_graph_request_total{client="order-service",server="inventory-service"}"#,
      ])
  }

  private static func counters(
    _ name: String, in prometheus: HTTPURL, _ selectors: [String]
  ) -> Hop {
    Hop(
      name: name,
      asks: "GET \(prometheus.appending("/api/v1/query")) \(selectors.joined(separator: " and "))",
      looksFor: "counted since the order", whereToLook: pipeline, pause: .seconds(1),
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        var grown: [String] = []
        for selector in selectors {
          let data = try await ask(
            client,
            prometheus.appending("/api/v1/query", query: [("query", "\(selector)[\(range)]")]),
            deadline)
          switch try PrometheusAnswer.growth(data, since: order) {
          case .found(let growth): grown.append("\(selector.prefix { $0 != "{" }) \(growth)")
          case .missing(let reason): return .missing("\(selector): \(reason)")
          }
        }
        return .found(grown.joined(separator: ", "))
      })
  }

  /// The link from a panel of durations to the order's trace.
  static func exemplar(in prometheus: HTTPURL) -> Hop {
    let query =
      #"http_server_request_duration_seconds_bucket"#
      + #"{service_name=~"order-service|inventory-service"}"#
    return Hop(
      name: "exemplar", asks: "GET \(prometheus.appending("/api/v1/query_exemplars")) \(query)",
      looksFor: "an exemplar with the trace's id", whereToLook: pipeline, pause: .seconds(1),
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        let url = prometheus.appending(
          "/api/v1/query_exemplars",
          query: [
            ("query", query), ("start", "\(order.startedAt / 1_000_000_000 - 60)"),
            ("end", "\(order.endedAt / 1_000_000_000 + 900)"),
          ])
        return try PrometheusAnswer.exemplar(
          try await ask(client, url, deadline), traceID: order.traceID.description)
      })
  }

  /// The alerts.
  static func rules(in prometheus: HTTPURL) -> Hop {
    let url = prometheus.appending("/api/v1/rules", query: [("type", "alert")])
    return Hop(
      name: "alert rules", asks: "GET \(url)",
      looksFor: StackNames.alerts.joined(separator: ", "),
      whereToLook: "docker compose logs prometheus; config_volumes/rules",
      question: .always { client, deadline throws(Obstacle) in
        try PrometheusAnswer.rules(try await ask(client, url, deadline))
      })
  }

  /// What Prometheus scrapes.
  static func targets(in prometheus: HTTPURL) -> Hop {
    let url = prometheus.appending("/api/v1/targets", query: [("state", "active")])
    return Hop(
      name: "scrapes", asks: "GET \(url)",
      looksFor: "up: \(StackNames.scrapeJobs.joined(separator: ", "))",
      whereToLook: "docker compose ps; config_volumes/prometheus.yml", pause: .seconds(1),
      question: .always { client, deadline throws(Obstacle) in
        try PrometheusAnswer.targets(try await ask(client, url, deadline))
      })
  }

  private static func ask(
    _ client: CheckClient, _ url: HTTPURL, _ deadline: MonotonicInstant
  ) async throws(Obstacle) -> JSONNode {
    try PrometheusAnswer.data(
      try await client.json(ClientRequest(.get, url), deadline: deadline))
  }
}

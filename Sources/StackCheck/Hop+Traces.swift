import HTTPClient
import HTTPTypes
import OTLP

extension Hop {
  /// The order's trace, as a person would see it in Jaeger.
  static func trace(in jaeger: HTTPURL) -> Hop {
    Hop(
      name: "trace", asks: "GET \(jaeger.appending("/api/traces/{trace id}"))",
      looksFor: "the order's spans from both services, joined by their parents",
      whereToLook: "docker compose logs otel-collector jaeger-collector jaeger-query; "
        + "Grafana: Telemetry pipeline",
      question: .aboutOrder { client, deadline, order throws(Obstacle) in
        let id = order.traceID.description
        let document = try await client.json(
          ClientRequest(.get, jaeger.appending("/api/traces/\(id)")), deadline: deadline)
        return try JaegerTrace(document, traceID: id).finding(root: order.parentID.description)
      })
  }
}

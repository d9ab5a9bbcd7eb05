import HTTPClient
import HTTPTypes
import OTLP

extension Hop {
  /// Whether every index has all its shards.
  static func elasticsearch(_ base: HTTPURL) -> Hop {
    let url = base.appending("/_cluster/health")
    return Hop(
      name: "elasticsearch", asks: "GET \(url)", looksFor: "status green",
      whereToLook: "docker compose logs elasticsearch; \(base.appending("/_cat/indices?v"))",
      pause: .seconds(1),
      question: .always { client, deadline throws(Obstacle) in
        let answer = try await client.json(ClientRequest(.get, url), deadline: deadline)
        let status = String(oneLine: answer["status"].string ?? "unknown")
        guard status == "green" else { return .missing("status \(status)") }
        return .found("green, \(answer["active_shards"].integer ?? 0) shards")
      })
  }
}

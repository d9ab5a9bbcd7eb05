import Bytes
import HTTPClient
import HTTPTypes
import OTLP

extension Hop {
  /// Grafana itself.
  static func grafana(_ addresses: StackAddresses) -> Hop {
    let url = addresses.grafana.appending("/api/health")
    return Hop(
      name: "grafana", asks: "GET \(url)", looksFor: "a database that is ok",
      whereToLook: "docker compose logs grafana",
      question: .always { client, deadline throws(Obstacle) in
        let answer = try await client.json(ClientRequest(.get, url), deadline: deadline)
        guard answer["database"].string == "ok" else {
          return .missing("the database is not ok")
        }
        return .found(String(oneLine: "version \(answer["version"].string ?? "unknown")"))
      })
  }

  /// Whether Grafana reaches a source of data.
  static func dataSource(_ uid: String, _ addresses: StackAddresses) -> Hop {
    let url = addresses.grafana.appending("/api/datasources/uid/\(uid)/health")
    let fields = credentials(addresses)
    return Hop(
      name: "source \(uid)", asks: "GET \(url)", looksFor: "status OK",
      whereToLook: "Grafana: Connections, Data sources; config_volumes/grafana-datasources.yaml",
      question: .always { client, deadline throws(Obstacle) in
        let answer = try await client.json(
          ClientRequest(.get, url, fields: fields), deadline: deadline)
        let message = String(oneLine: answer["message"].string ?? "no message")
        return answer["status"].string == "OK" ? .found(message) : .missing(message)
      })
  }

  /// The dashboards that files bring in.
  static func dashboards(_ addresses: StackAddresses) -> Hop {
    let url = addresses.grafana.appending(
      "/api/search", query: [("type", "dash-db"), ("limit", "500")])
    let fields = credentials(addresses)
    return Hop(
      name: "dashboards", asks: "GET \(url)",
      looksFor: StackNames.dashboards.joined(separator: ", "),
      whereToLook: "docker compose logs grafana; config_volumes/grafana-dashboards.yaml",
      question: .always { client, deadline throws(Obstacle) in
        let answer = try await client.json(
          ClientRequest(.get, url, fields: fields), deadline: deadline)
        guard let boards = answer.elements else { return .missing("no list of dashboards") }
        return Finding.all(
          of: StackNames.dashboards, in: boards.compactMap { $0["uid"].string }, "dashboards")
      })
  }

  /// Basic authentication (RFC 7617).
  private static func credentials(_ addresses: StackAddresses) -> [HTTPField] {
    var value = ByteQueue()
    value.append("Basic " as StaticString)
    value.append(base64: Array("\(addresses.grafanaUser):\(addresses.grafanaPassword)".utf8)[...])
    return [
      HTTPField(name: .authorization, value: String(decoding: value.array(), as: UTF8.self))
    ]
  }
}

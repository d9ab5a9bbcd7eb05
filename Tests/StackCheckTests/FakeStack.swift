import HTTP1
import HTTPClient
import HTTPServer
import HTTPTypes
import Sockets
@testable import StackCheck
import Synchronization
import Telemetry
import TestSupport

/// Every part of a stack on one real server: each answers as it should, unless told otherwise.
final class FakeStack: Sendable {
  /// What a part answers: a status and a body; by the number of the request to it.
  typealias Answer = @Sendable (_ number: Int) -> (status: Int, body: String)

  private let overrides = Mutex<[String: Answer]>([:])
  private let counts = Mutex<[String: Int]>([:])
  private let server: Mutex<TestServer?> = Mutex(nil)
  /// The requests, as method and target.
  let requests = Log<String>()
  /// The fields of requests to the shop and the bucket.
  let fields = Log<[String: String]>()

  init() async throws {
    let made = try await TestServer { router in
      for (method, path) in Self.paths {
        router.add(method, path) { await self.answer($0, path) }
      }
    }
    server.withLock { $0 = made }
  }

  var url: HTTPURL {
    server.withLock { $0?.url } ?? HTTPURL(scheme: .http, host: "127.0.0.1", port: 9)
  }

  func stop() async {
    let made = server.withLock { $0.take() }
    await made?.stop()
    made?.loop.stop()
  }

  var addresses: StackAddresses {
    StackAddresses(
      orderService: url.appending("/shop"), inventoryService: url.appending("/inventory"),
      jaeger: url.appending("/jaeger"), loki: url.appending("/loki"),
      prometheus: url.appending("/prometheus"), grafana: url.appending("/grafana"),
      grafanaUser: "ann", grafanaPassword: "secret", elasticsearch: url.appending("/es"),
      bucket: BucketAddress(
        url: url.appending("/s3"), name: "logs", accessKey: "key", secretKey: "secret"))
  }

  /// Has the part that a hop asks give another answer.
  func answer(_ hop: String, with answer: Answer?) {
    overrides.withLock { $0[hop] = answer }
    counts.withLock { $0[hop] = nil }
  }

  private static let paths: [(HTTPRequest.Method, String)] = [
    (.post, "/inventory/restock"), (.post, "/shop/order-product"), (.get, "/shop/list-orders"),
    (.get, "/jaeger/api/traces/\(FixedIDs.traceID)"),
    (.get, "/loki/loki/api/v1/query_range"), (.post, "/loki/flush"),
    (.get, "/prometheus/api/v1/query"), (.get, "/prometheus/api/v1/query_exemplars"),
    (.get, "/prometheus/api/v1/rules"), (.get, "/prometheus/api/v1/targets"),
    (.get, "/grafana/api/health"), (.get, "/grafana/api/search"),
    (.get, "/grafana/api/datasources/uid/prometheus/health"),
    (.get, "/grafana/api/datasources/uid/loki/health"),
    (.get, "/grafana/api/datasources/uid/jaeger/health"),
    (.get, "/es/_cluster/health"), (.get, "/s3/logs"),
  ]

  private func answer(_ request: ServerRequest, _ path: String) async -> ServerResponse {
    requests.append("\(request.method) \(request.head.target)")
    var seen: [String: String] = [:]
    for field in request.head.fields.httpFields { seen[field.name.canonicalName] = field.value }
    fields.append(seen)
    if request.method == .head { return .json(Array("[]".utf8)) }
    let hop = Self.hop(path, request.head.target)
    let number = counts.withLock { counts -> Int in
      defer { counts[hop, default: 0] += 1 }
      return counts[hop, default: 0]
    }
    let override = overrides.withLock { $0[hop] }
    let (status, body) = override?(number) ?? (200, Self.good(hop))
    return .json(Array(body.utf8), status: HTTPResponse.Status(code: status))
  }

  /// The hop that a request belongs to.
  private static func hop(_ path: String, _ target: String) -> String {
    switch path {
    case "/inventory/restock": "stock"
    case "/shop/order-product": "order"
    case "/shop/list-orders": "order list"
    case "/loki/loki/api/v1/query_range": "logs"
    case "/loki/flush": "flush"
    case "/prometheus/api/v1/query":
      target.contains("traces_") ? "span metrics" : "metrics"
    case "/prometheus/api/v1/query_exemplars": "exemplar"
    case "/prometheus/api/v1/rules": "alert rules"
    case "/prometheus/api/v1/targets": "scrapes"
    case "/grafana/api/health": "grafana"
    case "/grafana/api/search": "dashboards"
    case "/es/_cluster/health": "elasticsearch"
    case "/s3/logs": "bucket"
    case let path where path.hasPrefix("/grafana/api/datasources"):
      "source \(path.split(separator: "/")[4])"
    default: "trace"
    }
  }

  static func good(_ hop: String) -> String {
    switch hop {
    case "stock": #"{"message":"Restocked","product":{"id":2,"name":"Smartphone","stock":24}}"#
    case "order": #"{"message":"Order placed successfully","order_id":\#(Answers.orderID)}"#
    case "order list": #"[{"username":"ostack-check","order_id":\#(Answers.orderID)}]"#
    case "trace": Answers.trace()
    case "logs": Answers.bothLines
    case "metrics", "span metrics": Answers.grown
    case "exemplar": Answers.exemplars(["ff", FixedIDs.traceID])
    case "alert rules": Answers.rules(StackNames.alerts)
    case "scrapes": Answers.targets(StackNames.scrapeJobs + ["minio"])
    case "grafana": #"{"database":"ok","version":"12.4.3"}"#
    case "dashboards": Answers.dashboards(StackNames.dashboards)
    case "elasticsearch": #"{"status":"green","active_shards":8}"#
    case "bucket": Answers.objects(["fake/1/2:3:4", "index/x"])
    case let hop where hop.hasPrefix("source "): #"{"status":"OK","message":"works"}"#
    default: "{}"
    }
  }

  /// Runs the check. The hops that are expected to have a gap get a second, so that the test ends;
  /// the others half a minute, which they do not need.
  func check(
    _ addresses: StackAddresses? = nil, gaps: Set<String> = [], leftOut: Set<String> = []
  ) async throws -> CheckReport {
    let loop = try EventLoop(name: "check")
    defer { loop.stop() }
    let client = HTTPClient(homeLoop: loop)
    let runner = HopRunner(CheckClient(client)) { hop in
      gaps.contains(hop) ? .seconds(1) : .seconds(30)
    }
    let report = await StackCheck(
      addresses ?? self.addresses, runner: runner, ids: FixedIDs(), leftOut: leftOut
    ).run()
    await client.closeIdleConnections()
    return report
  }
}

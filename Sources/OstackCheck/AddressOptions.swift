import ArgumentParser
import HTTPClient
import StackCheck

/// Where the parts of the stack are: options, then the environment, then what
/// docker-compose.yml publishes.
struct AddressOptions: ParsableArguments {
  @Option(help: "The order service (ORDER_SERVICE_URL).")
  var orderService: String?
  @Option(help: "The inventory service (INVENTORY_SERVICE_URL).")
  var inventoryService: String?
  @Option(help: "Jaeger's query side (JAEGER_URL).")
  var jaeger: String?
  @Option(help: "Loki (LOKI_URL).")
  var loki: String?
  @Option(help: "Prometheus (PROMETHEUS_URL).")
  var prometheus: String?
  @Option(help: "Grafana (GRAFANA_URL).")
  var grafana: String?
  @Option(help: "Elasticsearch (ELASTICSEARCH_URL).")
  var elasticsearch: String?
  @Option(help: "The S3 server that Loki writes to (S3_URL).")
  var s3: String?
  @Option(help: "Its bucket (S3_BUCKET).")
  var bucket: String?
  @Option(help: "Its region (S3_REGION).")
  var region: String?

  /// - Throws: `ValidationError` for what is no URL.
  func resolved(_ environment: [String: String]) throws -> StackAddresses {
    func text(_ option: String?, _ variable: String, _ fallback: String) -> String {
      option ?? environment[variable].flatMap { $0.isEmpty ? nil : $0 } ?? fallback
    }
    func url(_ option: String?, _ variable: String, port: Int) throws -> HTTPURL {
      let text = text(option, variable, "http://localhost:\(port)")
      guard let url = HTTPURL(text) else {
        throw ValidationError("\(variable): '\(text)' is no http or https URL")
      }
      return url
    }
    let bucket = BucketAddress(
      url: try url(s3, "S3_URL", port: 9000), name: text(bucket, "S3_BUCKET", "loki"),
      region: text(region, "S3_REGION", "us-east-1"),
      accessKey: text(nil, "S3_ACCESS_KEY_ID", "admin"),
      secretKey: text(nil, "S3_SECRET_ACCESS_KEY", "password"))
    return StackAddresses(
      orderService: try url(orderService, "ORDER_SERVICE_URL", port: 8000),
      inventoryService: try url(inventoryService, "INVENTORY_SERVICE_URL", port: 8010),
      jaeger: try url(jaeger, "JAEGER_URL", port: 16686),
      loki: try url(loki, "LOKI_URL", port: 3100),
      prometheus: try url(prometheus, "PROMETHEUS_URL", port: 9090),
      grafana: try url(grafana, "GRAFANA_URL", port: 3000),
      grafanaUser: text(nil, "GRAFANA_ADMIN_USER", "admin"),
      grafanaPassword: text(nil, "GRAFANA_ADMIN_PASSWORD", "admin"),
      elasticsearch: try url(elasticsearch, "ELASTICSEARCH_URL", port: 9200), bucket: bucket)
  }
}

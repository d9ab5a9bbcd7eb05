package import HTTPClient

/// Where the parts of the stack are, and how they are entered.
package struct StackAddresses: Sendable {
  package var orderService: HTTPURL
  package var inventoryService: HTTPURL
  package var jaeger: HTTPURL
  package var loki: HTTPURL
  package var prometheus: HTTPURL
  package var grafana: HTTPURL
  package var grafanaUser: String
  package var grafanaPassword: String
  package var elasticsearch: HTTPURL
  package var bucket: BucketAddress

  package init(
    orderService: HTTPURL, inventoryService: HTTPURL, jaeger: HTTPURL, loki: HTTPURL,
    prometheus: HTTPURL, grafana: HTTPURL, grafanaUser: String, grafanaPassword: String,
    elasticsearch: HTTPURL, bucket: BucketAddress
  ) {
    self.orderService = orderService
    self.inventoryService = inventoryService
    self.jaeger = jaeger
    self.loki = loki
    self.prometheus = prometheus
    self.grafana = grafana
    self.grafanaUser = grafanaUser
    self.grafanaPassword = grafanaPassword
    self.elasticsearch = elasticsearch
    self.bucket = bucket
  }
}

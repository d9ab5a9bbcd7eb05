/// What the stack's files call things; a test compares with the files.
package enum StackNames {
  package static let orderService = "order-service"
  package static let inventoryService = "inventory-service"
  /// The uids of Grafana's data sources.
  package static let dataSources = ["prometheus", "loki", "jaeger"]
  /// The uids of the dashboards.
  package static let dashboards = [
    "ostack-logs", "ostack-orders", "ostack-pipeline", "ostack-processes", "ostack-services",
    "ostack-traces",
  ]
  package static let alerts = [
    "BackendDown", "ElasticsearchDown", "ElasticsearchNotGreen", "ErrorRateHigh",
    "LatencyBudgetBurns", "LatencyBudgetBurnsFast", "ServiceSilent", "StockOut",
    "TelemetryDropped", "TelemetryQueueFills",
  ]
  /// What Prometheus scrapes in every variant of the stack.
  package static let scrapeJobs = ["grafana", "jaeger", "loki", "otel-collector", "prometheus"]
}

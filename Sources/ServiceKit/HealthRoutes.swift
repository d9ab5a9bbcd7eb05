import HTTPTypes
import Bytes
package import HTTPServer
import Tracing

/// The health endpoints: `/health` as clients know it, and `/health/live` and `/health/ready` for
/// orchestrators.
package struct HealthRoutes: Sendable {
  /// What else `/health/ready` shows, without deciding anything: name and state.
  package typealias Detail = @Sendable () async -> [(name: String, state: String)]

  private let health: [UInt8]
  private let isStoreReady: @Sendable () async -> Bool
  private let detail: Detail
  private let draining: DrainFlag
  /// Looked up once: that costs more than all else that `/health` does. nil when nothing is traced.
  private let tracer: (any Tracer)?

  package init(
    _ configuration: ServiceConfiguration, draining: DrainFlag,
    isStoreReady: @escaping @Sendable () async -> Bool, detail: @escaping Detail = { [] }
  ) {
    var body = ByteQueue(capacity: 128)
    body.append("{\"status\":\"ok\",\"environment\":" as StaticString)
    body.append(json: configuration.environmentName)
    body.append(",\"service_name\":" as StaticString)
    body.append(json: configuration.serviceName)
    body.append(UInt8(ascii: "}"))
    health = body.array()
    self.isStoreReady = isStoreReady
    self.detail = detail
    self.draining = draining
    tracer = configuration.isObserved ? InstrumentationSystem.tracer : nil
  }

  package func add(to router: inout Router) {
    let health = ServerResponse.json(health)
    if let tracer {
      router.add(HealthAPI.health) { _ in tracer.withAnySpan("health_endpoint") { _ in health } }
    } else {
      router.add(HealthAPI.health) { _ in health }
    }
    let live = ServerResponse.json(Array("{\"status\":\"ok\"}".utf8))
    router.add(HealthAPI.live) { _ in live }
    router.add(HealthAPI.ready([])) { _ in await readiness() }
  }

  private func readiness() async -> ServerResponse {
    let isStoreReady = await isStoreReady()
    let isDraining = draining.isSet
    let isReady = isStoreReady && !isDraining
    var body = ByteQueue(capacity: 128)
    body.append(isReady ? "{\"status\":\"ready\"" : "{\"status\":\"not ready\"" as StaticString)
    body.append(",\"store\":" as StaticString)
    body.append(json: isStoreReady ? "ok" : "unavailable")
    body.append(",\"draining\":" as StaticString)
    body.append(json: isDraining)
    for (name, state) in await detail() {
      body.append(UInt8(ascii: ","))
      body.append(json: name)
      body.append(UInt8(ascii: ":"))
      body.append(json: state)
    }
    body.append(UInt8(ascii: "}"))
    return .json(body.array(), status: isReady ? .ok : .serviceUnavailable)
  }
}

import APIDescription
import HTTPTypes

/// The health endpoints' declarations.
enum HealthAPI {
  static let tag = APIDescription.Tag("health", "For orchestrators, and whoever wants to know.")

  static func endpoints(_ details: [ReadinessDetail]) -> [Endpoint] {
    [health, live, ready(details)]
  }

  static var health: Endpoint {
    Endpoint(
      .get, "/health", operationID: "health", tag: "health", summary: "Who answers here",
      description: "Which service this is, and in which environment.",
      responses: [
        ResponseDescription(
          .ok, "The service runs.",
          schema: .object([
            ("status", .constant("ok")), ("environment", .text()), ("service_name", .text()),
          ]).named("Health"),
          examples: [
            .init("ok", ["status": "ok", "environment": "dev", "service_name": "order-service"])
          ])
      ])
  }

  static var live: Endpoint {
    Endpoint(
      .get, "/health/live", operationID: "live", tag: "health",
      summary: "Whether the process answers at all",
      description: "A process that does not answer here is best started anew.",
      responses: [
        ResponseDescription(
          .ok, "It does.", schema: .object([("status", .constant("ok"))]).named("Live"),
          examples: [.init("ok", ["status": "ok"])])
      ])
  }

  static func ready(_ details: [ReadinessDetail]) -> Endpoint {
    Endpoint(
      .get, "/health/ready", operationID: "ready", tag: "health",
      summary: "Whether requests should be sent here",
      description: "It is ready when its store answers and it was not told to stop.",
      responses: [
        readiness(.ok, "It is ready.", "Ready", "ready", isDraining: false, details),
        readiness(
          .serviceUnavailable, "It is not.", "NotReady", "not ready", isDraining: true, details),
      ])
  }

  private static func readiness(
    _ status: HTTPResponse.Status, _ description: String, _ name: String, _ word: String,
    isDraining: Bool, _ details: [ReadinessDetail]
  ) -> ResponseDescription {
    let members: [(name: String, schema: Schema)] = [
      ("status", .constant(word)), ("store", .choice(["ok", "unavailable"])),
      ("draining", .boolean),
    ]
    let example: [JSONValue.Member] = [
      .init("status", .string(word)), .init("store", "ok"), .init("draining", .bool(isDraining)),
    ]
    return ResponseDescription(
      status, description,
      schema: .object(members + details.map { ($0.name, $0.schema) }).named(name),
      examples: [
        .init(word, .object(example + details.map { .init($0.name, .string($0.example)) }))
      ])
  }
}

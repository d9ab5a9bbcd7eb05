import Testing

@testable import ServiceKit

@Suite struct NearMissTests {
  private static let known = ["ORDER_SERVICE_PORT", "ORDER_SERVICE_HOST", "APP_ENV", "OTEL_BSP_X"]

  @Test(arguments: [
    ("ORDER_SERVICE_PROT", "ORDER_SERVICE_PORT"),  // swapped
    ("ORDER_SERVICE_POR", "ORDER_SERVICE_PORT"),  // missing
    ("ORDER_SERVICE_PORTT", "ORDER_SERVICE_PORT"),  // superfluous
    ("ORDER-SERVICE-PORT", "ORDER_SERVICE_PORT"),  // wrong, twice
    ("ORDERSERVICEPORT", "ORDER_SERVICE_PORT"),  // missing, twice
    ("order_service_port", "ORDER_SERVICE_PORT"), ("APP_EN", "APP_ENV"), ("AP_PENV", "APP_ENV"),
  ])
  func isNear(_ name: String, _ other: String) {
    #expect(NearMiss.nearest(to: name, among: Self.known) == other)
  }

  @Test(arguments: [
    "", "PATH", "ORDER_SERVICE", "ORDER_SERVICE_PORT_8000_TCP", "ORDERSERVICEPOR", "AP_ENVV",
    "APP", "ENV", "OTEL_TRACES_SAMPLER", "RODER_SERVICE_PROTT",
  ])
  func isNotNear(_ name: String) {
    #expect(NearMiss.nearest(to: name, among: Self.known) == nil)
  }

  @Test func theNearestIsTold() {
    #expect(NearMiss.nearest(to: "serv", among: ["serves", "serve"]) == "serve")
    #expect(NearMiss.nearest(to: "sevre", among: ["config", "serve"]) == "serve")
  }

  @Test func whatIsKnownIsNoSlip() {
    let found = NearMiss.find(
      in: ["ORDER_SERVICE_PORT", "APP_EVN", "APP_ENC", "HOME"], known: Self.known + ["APP_ENC"])
    #expect(found.map(\.name) == ["APP_EVN"])
    #expect(found.map(\.guess) == ["APP_ENV"])
  }
}

import HTTPClient
import OrderCore
import OrderHTTP
import ServiceKit
import Testing

@Suite struct OrderServiceConfigurationTests {
  private func configuration(_ environment: [String: String]) throws -> OrderServiceConfiguration {
    try OrderServiceConfiguration(Settings(environment: environment))
  }

  @Test func defaults() throws {
    let configuration = try configuration([:])
    #expect(configuration.service.serviceName == "order-service")
    #expect(configuration.service.port == 8000)
    #expect(configuration.inventoryURL.description == "http://localhost:8010/")
    #expect(configuration.inventoryTLS == nil)
    #expect(configuration.inventoryTimeout == .seconds(2))
    #expect(configuration.keyRetention == .seconds(86_400))
    #expect(configuration.reservationRetention == .seconds(30 * 86_400))
    #expect(configuration.pendingAgeMax == .seconds(60))
  }

  @Test func whatIsSet() throws {
    let configuration = try configuration([
      "ORDER_SERVICE_PORT": "0", "INVENTORY_SERVICE_URL": "https://[::1]:1/base",
      "INVENTORY_TIMEOUT": "400", "IDEMPOTENCY_KEY_RETENTION": "1000",
      "RESERVATION_RETENTION": "3600000", "PENDING_ORDER_AGE_MAX": "5000",
    ])
    #expect(configuration.service.port == 0)
    #expect(configuration.inventoryURL.description == "https://[::1]:1/base")
    #expect(configuration.keyRetention == .seconds(1))
    let reconciler = configuration.reconciler
    #expect(reconciler.timeout == .milliseconds(400))
    #expect(reconciler.ageMin == .milliseconds(800))
    #expect(configuration.reservationAgeMax == .seconds(3240), "clocks may differ")
    #expect(reconciler.staleAge == .seconds(5))
  }

  @Test(arguments: [
    ("INVENTORY_SERVICE_URL", ["inventory", "ftp://a", "http://", "http://a:0", "http://a b"]),
    ("INVENTORY_TIMEOUT", ["0", "3600001", "1.5", "2s"]),
    ("IDEMPOTENCY_KEY_RETENTION", ["999", "31622400001", "-1", "a day"]),
    ("RESERVATION_RETENTION", ["3599999", "31622400001"]),
    ("PENDING_ORDER_AGE_MAX", ["999", "86400001"]),
    ("INVENTORY_TLS_CA_FILE", ["/nowhere/ca.pem"]),
  ])
  func whatCannotBeUsed(_ name: String, _ values: [String]) throws {
    for value in values {
      let error = #expect(throws: SettingError.self) { try configuration([name: value]) }
      #expect(error?.name == name)
      #expect(error?.description.hasPrefix("\(name): ") == true)
      #expect(error?.description.contains("\n") == false)
    }
  }

  /// Who repeats a key must find that the inventory knows the reservation.
  @Test func keysAreNotKeptForLongerThanReservations() throws {
    var environment = [
      "IDEMPOTENCY_KEY_RETENTION": "3600001", "RESERVATION_RETENTION": "3600000",
    ]
    let error = #expect(throws: SettingError.self) { try configuration(environment) }
    #expect(
      error?.description.hasPrefix(
        "IDEMPOTENCY_KEY_RETENTION: is longer than RESERVATION_RETENTION: ") == true)
    environment["IDEMPOTENCY_KEY_RETENTION"] = "3600000"
    _ = try configuration(environment)
  }

  @Test(arguments: [
    ("INVENTORY_TIMEOUT", "1"), ("INVENTORY_TIMEOUT", "3600000"),
    ("IDEMPOTENCY_KEY_RETENTION", "2592000000"), ("RESERVATION_RETENTION", "31622400000"),
    ("PENDING_ORDER_AGE_MAX", "1000"), ("PENDING_ORDER_AGE_MAX", "86400000"),
  ])
  func theLastThatCanBeUsed(_ name: String, _ value: String) throws {
    _ = try configuration([name: value])
  }
}

import Testing

@testable import OrderCore

@Suite struct OrderDateTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000"), (-1, "1970-01-01T00:00:00.000000"),
    (0.25, "1970-01-01T00:00:00.250000"), (951_782_400, "2000-02-29T00:00:00.000000"),
    (1_738_326_896.5, "2025-01-31T12:34:56.500000"), (4_102_444_799, "2099-12-31T23:59:59.000000"),
    (253_402_300_799, "9999-12-31T23:59:59.000000"), (1e300, "9999-12-31T23:59:59.000000"),
    (-1e300, "1970-01-01T00:00:00.000000"),
  ] as [(Double, String)])
  func writesTheTimeAsClientsKnowIt(_ unixSeconds: Double, _ text: String) {
    #expect(OrderDate.format(unixSeconds) == text)
  }

  /// Texts are compared in SQL: they must sort as the times do, and fractions must count.
  @Test func earlierIsLess() {
    let texts = [0, 9.999999, 10, 10.000001, 1e9, 1.7e9, 1e11].map(OrderDate.format)
    #expect(texts == texts.sorted())
    #expect(OrderDate.ago(.milliseconds(1500)) < OrderDate.ago(.milliseconds(1000)))
    #expect(OrderDate.ago(.seconds(1_000_000_000_000)) == OrderDate.format(0))
  }
}

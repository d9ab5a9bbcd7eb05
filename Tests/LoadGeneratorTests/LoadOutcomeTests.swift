@testable import LoadGenerator
import Testing

@Suite struct LoadOutcomeTests {
  @Test(arguments: [
    (LoadEndpoint.order, 200, LoadOutcome.Kind.ok), (.order, 400, .refused),
    (.order, 503, .failed), (.order, 422, .failed), (.unknown, 400, .ok), (.unknown, 200, .failed),
    (.unknown, 500, .failed), (.listOrders, 200, .ok), (.listOrders, 400, .failed),
    (.listProducts, 200, .ok), (.listProducts, 503, .failed), (.stock, 200, .ok),
    (.stock, 404, .failed),
  ])
  func kinds(_ endpoint: LoadEndpoint, _ status: Int, _ kind: LoadOutcome.Kind) {
    let outcome = LoadOutcome(endpoint, status: status)
    #expect(outcome.kind == kind && outcome.label == "\(status)")
  }
}

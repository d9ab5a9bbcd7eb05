package import HTTPClient

/// A load: what is sent where, how often, for how long, and within which bounds.
package struct LoadPlan: Sendable {
  package var orderService: HTTPURL
  package var inventoryService: HTTPURL
  /// Requests per second.
  package var rate = 50.0
  /// Nil goes on until the generator is told to stop.
  package var duration: Duration? = .seconds(60)
  /// Requests under way at once, and connections to each service, at the most. What is due beyond
  /// that waits, and its waiting counts.
  package var connections = 64
  package var arrivals = ArrivalPattern.poisson
  /// Of the arrivals and the mix: the same seed gives the same ones.
  package var seed: UInt64 = 0
  package var mix = LoadMix.standard
  /// For one request, from its sending.
  package var timeout = Duration.seconds(10)
  /// How long what is late may still be sent after the end.
  package var drain = Duration.seconds(10)
  /// The share of requests that may fail before the load counts as failed.
  package var failuresMax = 0.01

  package init(orderService: HTTPURL, inventoryService: HTTPURL) {
    self.orderService = orderService
    self.inventoryService = inventoryService
  }
}

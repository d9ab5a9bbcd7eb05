/// What a try to reserve one item came to.
package enum ReservationOutcome: Hashable, Sendable {
  case reserved(productName: String)
  /// The product is unknown or sold out, with the inventory's words.
  case refused(reason: String)
  /// The inventory has certainly not seen the request.
  case unreached(reason: String)
  /// Nobody knows: it may have been reserved.
  case unknown(reason: String)
}

/// Where items are reserved.
package protocol Inventory: Sendable {
  /// For how long it should not be asked, because it has not answered lately; nil when it may be.
  var pause: Duration? { get }

  /// Reserves one item; the same key reserves it once however often it is asked.
  /// - Parameter deadline: For everything, repetitions as well.
  func reserve(
    productID: Int64, key: String, deadline: ContinuousClock.Instant
  ) async -> ReservationOutcome
}

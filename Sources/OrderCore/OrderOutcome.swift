/// What an order came to.
package enum OrderOutcome: Hashable, Sendable {
  case placed(orderID: Int64)
  /// The product is unknown or sold out.
  case unavailable(reason: String)
  /// The inventory could not be asked; nothing was ordered.
  case inventoryUnavailable(reason: String, retryAfter: Duration)
  /// The inventory gave no answer; the order waits for one.
  case undecided(orderID: Int64, reason: String)
  /// The idempotency key was used with other parameters.
  case keyConflict

  /// How far the order has come, for telemetry.
  var stateName: String {
    switch self {
    case .placed: "confirmed"
    case .unavailable: "rejected"
    case .undecided, .inventoryUnavailable, .keyConflict: "pending"
    }
  }
}

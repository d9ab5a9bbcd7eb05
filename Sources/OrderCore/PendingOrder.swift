/// An order that was stored and is not decided yet.
package struct PendingOrder: Hashable, Sendable {
  package let id: Int64
  package let productID: Int64
  /// What tells the inventory that two reservations are one; unique among all stores and times.
  package let reservationKey: String
  /// How often somebody else has taken the order up before.
  package let fence: Int64
  /// When it was stored, as `Order.date`.
  package let date: String
  /// The trace of the request that made it; nil when it was not traced.
  package let origin: TraceOrigin?
}

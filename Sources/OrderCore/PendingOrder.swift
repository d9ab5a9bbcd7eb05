/// An order that was stored and is not decided yet.
package struct PendingOrder: Hashable, Sendable {
  package let id: Int64
  package let productID: Int64
  /// What tells the inventory that two reservations are one; unique among all stores and times.
  package let reservationKey: String
  /// How often somebody else has taken the order up before.
  package let fence: Int64
}

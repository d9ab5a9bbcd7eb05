/// An order that was confirmed.
package struct Order: Hashable, Sendable {
  package let id: Int64
  package let username: String
  package let productID: Int64
  package let productName: String
  /// UTC, ISO 8601 with microseconds and no zone, as clients know it.
  package let date: String
}
